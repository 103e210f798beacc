//! Revocation (RFC 7009 §2): malformed requests and another client's tokens.

use tests::support::{Browser, RelyingParty, TestServer};

use super::{Endpoint, refused, with, without};

const PATH: &str = "/oauth/revoke";

#[tokio::test]
async fn nothing_is_revoked_by_a_wrong_request() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let other = RelyingParty::confidential(&server, "other").await;
    let app = RelyingParty::public(&server, "app").await;
    let granted = web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    for member in ["refresh_token", "access_token"] {
        let honest = [("token", granted.text(member)), ("token_type_hint", member)];
        let endpoint = Endpoint { server: &server, path: PATH, client: &web };
        endpoint.refuses_every_wrong_caller(&honest).await;
        endpoint.refuses_every_duplicate(&honest).await;
        endpoint
            .refuses(&[
                ("no token", without(&honest, "token"), (400, "invalid_request")),
                ("an empty token", with(&honest, "token", ""), (400, "invalid_request")),
            ])
            .await;
        for client in [&other, &app] {
            refused(client.post(PATH, &honest).await, (400, "invalid_grant"), "another client's").await;
        }
        assert_eq!(web.introspect(granted.text(member)).await["active"], true, "{member}");
    }
    // Revoking a text that is no token is a success (RFC 7009 §2.2).
    let long = "x".repeat(40_000);
    for token in ["nonsense", long.as_str(), granted.text("id_token"), "oart_nonsense"] {
        let answer = web.revoke(token).await;
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["cache-control"]),
            (200, &"no-store".parse().unwrap())
        );
        assert_eq!(answer.text().await.unwrap(), "");
    }
    let honest = [("token", granted.text("access_token")), ("token_type_hint", "nonsense")];
    for _ in 0..2 {
        assert_eq!(web.post(PATH, &honest).await.status(), 200, "replayed");
    }
    assert_eq!(web.introspect(granted.text("access_token")).await["active"], false);
    assert_eq!(web.introspect(granted.text("refresh_token")).await["active"], true);
}
