//! `grant_type=password` (RFC 6749 §4.3). `password.rs` tests password guessing.

use domain::GrantType;
use tests::support::{PASSWORD, RelyingParty, TestServer};

use super::{Endpoint, with, without};

#[tokio::test]
async fn a_password_is_refused_for_every_fault_of_the_request() {
    let server = TestServer::with(|settings| settings.password_grant = true).await;
    server.user("ada").await;
    let legacy = RelyingParty::register(&server, "legacy", |client| {
        client.grant_types = [GrantType::Password].into();
        client.redirect_uris.clear();
    })
    .await;
    let honest =
        [("grant_type", "password"), ("username", "ada"), ("password", PASSWORD), ("scope", "openid read")];
    let endpoint = Endpoint { server: &server, path: "/oauth/token", client: &legacy };
    endpoint.refuses_every_wrong_caller(&honest).await;
    endpoint.refuses_every_duplicate(&honest).await;

    let (invalid_grant, invalid_request) = ((400, "invalid_grant"), (400, "invalid_request"));
    let long = "x".repeat(20_000);
    endpoint
        .refuses(&[
            ("no user name", without(&honest, "username"), invalid_request),
            ("no password", without(&honest, "password"), invalid_request),
            ("an unknown user", with(&honest, "username", "nobody"), invalid_grant),
            ("an oversized user name", with(&honest, "username", &long), invalid_grant),
            ("a malformed user name", with(&honest, "username", "a\u{0}da"), invalid_grant),
            ("a wrong password", with(&honest, "password", "wrong"), invalid_grant),
            ("an oversized password", with(&honest, "password", &long), invalid_grant),
            ("a scope that does not exist", with(&honest, "scope", "admin"), (400, "invalid_scope")),
        ])
        .await;
    RelyingParty::successful(legacy.token(&honest).await).await;
}
