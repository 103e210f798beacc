//! `grant_type=client_credentials` (RFC 6749 §4.4).

use domain::GrantType;
use tests::support::{RelyingParty, TestServer};

use super::{Endpoint, refused, with, without};

#[tokio::test]
async fn a_client_gets_nothing_for_itself_but_what_is_its_own() {
    let server = TestServer::start().await;
    let service = RelyingParty::register(&server, "service", |client| {
        client.grant_types = [GrantType::ClientCredentials].into();
        client.redirect_uris.clear();
        client.scope = "openid profile read".parse().unwrap();
    })
    .await;
    let app = RelyingParty::public(&server, "app").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let honest = [("grant_type", "client_credentials"), ("scope", "read")];
    let endpoint = Endpoint { server: &server, path: "/oauth/token", client: &service };
    endpoint.refuses_every_wrong_caller(&honest).await;
    endpoint.refuses_every_duplicate(&honest).await;

    let (invalid_scope, long) = ((400, "invalid_scope"), "x".repeat(20_000));
    endpoint
        .refuses(&[
            ("no grant type", without(&honest, "grant_type"), (400, "invalid_request")),
            (
                "another spelling",
                with(&honest, "grant_type", "Client_Credentials"),
                (400, "unsupported_grant_type"),
            ),
            ("an oversized grant type", with(&honest, "grant_type", &long), (400, "unsupported_grant_type")),
            ("a scope that does not exist", with(&honest, "scope", "admin"), invalid_scope),
            ("a scope that is not the client's", with(&honest, "scope", "write"), invalid_scope),
            ("a scope that needs a user", with(&honest, "scope", "openid read"), invalid_scope),
            ("a scope that cannot apply", with(&honest, "scope", "offline_access"), invalid_scope),
            ("a malformed scope", with(&honest, "scope", "read\"write"), invalid_scope),
            ("an oversized scope", with(&honest, "scope", &long), invalid_scope),
        ])
        .await;
    for client in [&app, &web] {
        refused(client.token(&honest).await, (400, "unauthorized_client"), &client.id).await;
    }
    RelyingParty::successful(service.token(&honest).await).await;
}
