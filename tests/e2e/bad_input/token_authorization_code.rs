//! `grant_type=authorization_code` (RFC 6749 §4.1.3, RFC 7636 §4.5).

use chrono::Duration;
use tests::support::{Browser, Pkce, RelyingParty, TestServer};

use super::{Endpoint, refused, with, without};

const PATH: &str = "/oauth/token";

#[tokio::test]
async fn a_code_is_refused_for_every_fault_and_spent_by_none_of_them() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let other = RelyingParty::confidential(&server, "other").await;
    let browser = Browser::new(&server.issuer);
    let code = web.code(&browser, "ada", &[]).await;
    let pkce = Pkce::new();
    let honest = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", web.redirect_uri.as_str()),
        ("code_verifier", pkce.verifier.as_str()),
    ];
    let endpoint = Endpoint { server: &server, path: PATH, client: &web };
    endpoint.refuses_every_wrong_caller(&honest).await;
    endpoint.refuses_every_duplicate(&honest).await;

    let (long, wrong) = ("x".repeat(20_000), Pkce::from_seed(1).verifier);
    let (invalid_grant, invalid_request) = ((400, "invalid_grant"), (400, "invalid_request"));
    let changed = |name, value| with(&honest, name, value);
    endpoint
        .refuses(&[
            ("no grant type", without(&honest, "grant_type"), invalid_request),
            ("no code", without(&honest, "code"), invalid_request),
            ("an empty code", changed("code", ""), invalid_request),
            ("a malformed code", changed("code", "nonsense"), invalid_grant),
            ("an oversized code", changed("code", &long), invalid_grant),
            ("a code in another case", changed("code", &code.to_uppercase()), invalid_grant),
            ("a code with a space", changed("code", &format!("{code} ")), invalid_grant),
            ("a challenge for a verifier", changed("code_verifier", &pkce.challenge), invalid_grant),
            ("no verifier", without(&honest, "code_verifier"), invalid_grant),
            ("a wrong verifier", changed("code_verifier", &wrong), invalid_grant),
            ("a malformed verifier", changed("code_verifier", "short"), invalid_grant),
            ("an oversized verifier", changed("code_verifier", &long), invalid_grant),
            ("another redirect URI", changed("redirect_uri", "https://client.example/other"), invalid_grant),
            ("a malformed redirect URI", changed("redirect_uri", "nonsense"), invalid_grant),
            ("a code as a refresh token", changed("grant_type", "refresh_token"), invalid_request),
        ])
        .await;
    refused(other.token(&honest).await, invalid_grant, "another client's").await;

    let tokens = RelyingParty::successful(web.token(&honest).await).await;
    refused(web.token(&honest).await, invalid_grant, "replayed").await;
    assert_eq!(web.userinfo(tokens.text("access_token")).await.status(), 401, "what it granted is revoked");
    let code = web.code(&browser, "ada", &[]).await;
    server.clock.advance(Duration::seconds(60));
    refused(web.token(&with(&honest, "code", &code)).await, invalid_grant, "expired").await;
}
