//! Introspection (RFC 7662 §2): a request can be invalid; an unknown token is only inactive.

use chrono::Duration;
use domain::GrantType;
use serde_json::{Value, json};
use tests::support::{Browser, RelyingParty, TestServer};

use super::{Endpoint, refused, with, without};

const PATH: &str = "/oauth/introspect";

#[tokio::test]
async fn a_wrong_request_is_refused_and_a_wrong_token_is_inactive() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::register(&server, "web", |client| {
        client.grant_types.insert(GrantType::ClientCredentials);
    })
    .await;
    let other = RelyingParty::confidential(&server, "other").await;
    let app = RelyingParty::public(&server, "app").await;
    let granted = web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    let token = granted.text("access_token");
    let honest = [("token", token), ("token_type_hint", "access_token")];
    let endpoint = Endpoint { server: &server, path: PATH, client: &web };
    endpoint.refuses_every_wrong_caller(&honest).await;
    endpoint.refuses_every_duplicate(&honest).await;
    endpoint
        .refuses(&[
            ("no token", without(&honest, "token"), (400, "invalid_request")),
            ("an empty token", with(&honest, "token", ""), (400, "invalid_request")),
        ])
        .await;
    refused(app.post(PATH, &honest).await, (401, "invalid_client"), "a public client").await;

    let active = async |client: &RelyingParty, fields: &[(&str, &str)]| -> bool {
        let answer = client.post(PATH, fields).await;
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["cache-control"]),
            (200, &"no-store".parse().unwrap())
        );
        let body: Value = answer.json().await.unwrap();
        assert!(body["active"] == true || body == json!({"active": false}), "{body}");
        body["active"] == true
    };
    let long = "x".repeat(40_000);
    for (why, wrong) in [
        ("unknown", "nonsense"),
        ("oversized", long.as_str()),
        ("an ID token", granted.text("id_token")),
        ("of another kind", "oart_nonsense"),
    ] {
        assert!(!active(&web, &[("token", wrong)]).await, "{why}");
    }
    assert!(!active(&other, &honest).await, "another client's");
    // A wrong or unknown hint does not change the answer (RFC 7662 §2.1).
    for hint in ["refresh_token", "nonsense", &long] {
        assert!(active(&web, &with(&honest, "token_type_hint", hint)).await, "the hint {hint:.20}");
    }
    let own = RelyingParty::successful(web.token(&[("grant_type", "client_credentials")]).await).await;
    assert_eq!(web.revoke(own.text("access_token")).await.status(), 200);
    assert!(!active(&web, &[("token", own.text("access_token"))]).await, "revoked");
    server.clock.advance(Duration::seconds(3600));
    assert!(!active(&web, &honest).await, "expired");
}
