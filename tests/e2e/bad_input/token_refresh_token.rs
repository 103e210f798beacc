//! `grant_type=refresh_token` (RFC 6749 §6).

use chrono::Duration;
use tests::support::{Browser, RelyingParty, TestServer};

use super::{Endpoint, damaged, refused, with, without};

#[tokio::test]
async fn a_refresh_token_is_refused_for_every_fault_and_spent_by_none_of_them() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let other = RelyingParty::confidential(&server, "other").await;
    let browser = Browser::new(&server.issuer);
    let granted = web.tokens(&browser, "ada", &[("scope", "openid read")]).await;
    let token = granted.text("refresh_token");
    let honest = [("grant_type", "refresh_token"), ("refresh_token", token), ("scope", "read")];
    let endpoint = Endpoint { server: &server, path: "/oauth/token", client: &web };
    endpoint.refuses_every_wrong_caller(&honest).await;
    endpoint.refuses_every_duplicate(&honest).await;

    let (long, shifted) = (format!("{token}{}", "x".repeat(20_000)), damaged(token));
    let (invalid_grant, invalid_request) = ((400, "invalid_grant"), (400, "invalid_request"));
    let invalid_scope = (400, "invalid_scope");
    let changed = |name, value| with(&honest, name, value);
    endpoint
        .refuses(&[
            ("no token", without(&honest, "refresh_token"), invalid_request),
            ("an empty token", changed("refresh_token", ""), invalid_request),
            ("a malformed token", changed("refresh_token", "nonsense"), invalid_grant),
            ("an oversized token", changed("refresh_token", &long), invalid_grant),
            ("a wrong checksum", changed("refresh_token", &shifted), invalid_grant),
            ("an access token", changed("refresh_token", granted.text("access_token")), invalid_grant),
            ("an ID token", changed("refresh_token", granted.text("id_token")), invalid_grant),
            ("a scope that was not granted", changed("scope", "read write"), invalid_scope),
            ("a scope that does not exist", changed("scope", "admin"), invalid_scope),
            ("a malformed scope", changed("scope", "read\topenid"), invalid_scope),
        ])
        .await;
    refused(other.token(&honest).await, invalid_grant, "another client's").await;

    let renewed = RelyingParty::successful(web.token(&honest).await).await;
    server.clock.advance(Duration::seconds(11));
    refused(web.token(&honest).await, invalid_grant, "replayed").await;
    let successor = with(&honest, "refresh_token", renewed.text("refresh_token"));
    refused(web.token(&successor).await, invalid_grant, "its family, after the replay").await;
    let idle = web.tokens(&browser, "ada", &[("scope", "openid read")]).await;
    server.clock.advance(Duration::days(14));
    let idle = with(&honest, "refresh_token", idle.text("refresh_token"));
    refused(web.token(&idle).await, invalid_grant, "expired").await;
}
