//! grant_type=refresh_token (RFC 6749 §6, RFC 9700 §4.14.2).

use chrono::Duration;
use serde_json::Value;
use tests::support::{Browser, RelyingParty, TestServer, Tokens};

async fn granted(server: &TestServer, web: &RelyingParty) -> Tokens {
    web.tokens(&Browser::new(&server.issuer), "ada", &[]).await
}

async fn renewed(web: &RelyingParty, token: &str) -> Tokens {
    RelyingParty::successful(web.refresh(token).await).await
}

async fn refused(answer: reqwest::Response, code: &str) {
    assert_eq!(answer.status(), 400);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["error"], code, "{body}");
}

#[tokio::test]
async fn a_refresh_rotates_the_token_and_renews_the_others() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let first = granted(&server, &web).await;
    server.clock.advance(Duration::minutes(30));
    let second = renewed(&web, first.text("refresh_token")).await;
    assert_ne!(first.text("refresh_token"), second.text("refresh_token"));
    let (before, after) = (first.claims("id_token"), second.claims("id_token"));
    for claim in ["iss", "sub", "aud", "auth_time", "sid"] {
        assert_eq!(before[claim], after[claim], "{claim}");
    }
    assert!(after["iat"].as_i64() > before["iat"].as_i64());
    assert!(after.get("nonce").is_none());
    for tokens in [&first, &second] {
        assert_eq!(web.userinfo(tokens.text("access_token")).await.status(), 200);
    }
}

#[tokio::test]
async fn an_honest_retry_gets_the_same_successor_while_it_is_unused() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let first = granted(&server, &web).await;
    let second = renewed(&web, first.text("refresh_token")).await;
    server.clock.advance(Duration::seconds(10));
    let retry = renewed(&web, first.text("refresh_token")).await;
    assert_eq!(second.text("refresh_token"), retry.text("refresh_token"));
    let third = renewed(&web, second.text("refresh_token")).await;
    // The client has used the successor, so presenting the first token again is reuse.
    refused(web.refresh(first.text("refresh_token")).await, "invalid_grant").await;
    refused(web.refresh(third.text("refresh_token")).await, "invalid_grant").await;
    assert_eq!(web.userinfo(third.text("access_token")).await.status(), 401);
}

#[tokio::test]
async fn a_spent_token_after_the_window_revokes_the_family() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let first = granted(&server, &web).await;
    let second = renewed(&web, first.text("refresh_token")).await;
    server.clock.advance(Duration::seconds(11));
    refused(web.refresh(first.text("refresh_token")).await, "invalid_grant").await;
    refused(web.refresh(second.text("refresh_token")).await, "invalid_grant").await;
    for tokens in [&first, &second] {
        assert_eq!(web.userinfo(tokens.text("access_token")).await.status(), 401);
    }
}

#[tokio::test]
async fn a_spent_token_is_a_reuse_whatever_else_the_request_asks_for() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    for wrong in [
        ("scope", "admin"),
        ("scope", "offline_access"),
        ("scope", "\"malformed\""),
        ("resource", "https://unknown.example"),
        ("resource", "malformed"),
    ] {
        let first = granted(&server, &web).await;
        let second = renewed(&web, first.text("refresh_token")).await;
        // A token that is not spent stays as it is.
        let asking = |token| [("grant_type", "refresh_token"), ("refresh_token", token), wrong];
        assert_eq!(web.token(&asking(second.text("refresh_token"))).await.status(), 400, "{wrong:?}");
        server.clock.advance(Duration::seconds(11));
        refused(web.token(&asking(first.text("refresh_token"))).await, "invalid_grant").await;
        refused(web.refresh(second.text("refresh_token")).await, "invalid_grant").await;
        assert_eq!(web.userinfo(second.text("access_token")).await.status(), 401, "{wrong:?}");
    }
}

#[tokio::test]
async fn another_client_cannot_use_or_kill_a_refresh_token() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let thief = RelyingParty::confidential(&server, "thief").await;
    let first = granted(&server, &web).await;
    refused(thief.refresh(first.text("refresh_token")).await, "invalid_grant").await;
    let second = renewed(&web, first.text("refresh_token")).await;
    server.clock.advance(Duration::seconds(11));
    refused(thief.refresh(first.text("refresh_token")).await, "invalid_grant").await;
    renewed(&web, second.text("refresh_token")).await;
}

#[tokio::test]
async fn idle_and_absolute_lifetimes_end_a_family() {
    let server = TestServer::with(|settings| settings.lifetimes.session = Duration::days(365)).await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let idle = granted(&server, &web).await;
    server.clock.advance(Duration::days(14));
    refused(web.refresh(idle.text("refresh_token")).await, "invalid_grant").await;

    let mut tokens = granted(&server, &web).await;
    for _ in 0..2 {
        server.clock.advance(Duration::days(13));
        tokens = renewed(&web, tokens.text("refresh_token")).await;
    }
    server.clock.advance(Duration::days(4) - Duration::seconds(1));
    tokens = renewed(&web, tokens.text("refresh_token")).await;
    server.clock.advance(Duration::seconds(1));
    refused(web.refresh(tokens.text("refresh_token")).await, "invalid_grant").await;
}

#[tokio::test]
async fn a_scope_can_be_narrowed_and_never_widened() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let first = web.tokens(&Browser::new(&server.issuer), "ada", &[("scope", "openid email read")]).await;
    let token = first.text("refresh_token");
    let with = async |token: &str, scope: &str| {
        web.token(&[("grant_type", "refresh_token"), ("refresh_token", token), ("scope", scope)]).await
    };
    refused(with(token, "openid email read write").await, "invalid_scope").await;
    let narrow = RelyingParty::successful(with(token, "read").await).await;
    assert_eq!(narrow.0["scope"], "read");
    assert!(narrow.0.get("id_token").is_none());
    // The family keeps the granted scope: the next refresh may request all of it again.
    let whole = renewed(&web, narrow.text("refresh_token")).await;
    assert_eq!(whole.0["scope"], "email openid read");
}

#[tokio::test]
async fn a_scope_taken_from_the_client_is_not_renewed() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let first = web.tokens(&browser, "ada", &[("scope", "openid read")]).await;
    let only_read = web.tokens(&browser, "ada", &[("scope", "read")]).await;
    let code = web.code(&browser, "ada", &[("scope", "openid read")]).await;
    let without = |client: &mut domain::Client| client.scope = "openid email".parse().unwrap();
    server.update_client(&web.id.parse().unwrap(), without).await.unwrap();
    assert_eq!(renewed(&web, first.text("refresh_token")).await.0["scope"], "openid");
    assert_eq!(web.redeemed(&code).await.0["scope"], "openid");
    refused(web.refresh(only_read.text("refresh_token")).await, "invalid_scope").await;
}

#[tokio::test]
async fn a_replay_is_punished_even_when_the_spent_token_has_expired() {
    let server = TestServer::with(|settings| settings.lifetimes.session = Duration::days(365)).await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let first = granted(&server, &web).await;
    server.clock.advance(Duration::days(10));
    let second = renewed(&web, first.text("refresh_token")).await;
    server.clock.advance(Duration::days(10));
    refused(web.refresh(first.text("refresh_token")).await, "invalid_grant").await;
    refused(web.refresh(second.text("refresh_token")).await, "invalid_grant").await;
}

#[tokio::test]
async fn a_scope_of_nothing_is_refused() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let first = granted(&server, &web).await;
    let token = first.text("refresh_token");
    let fields = [("grant_type", "refresh_token"), ("refresh_token", token), ("scope", "offline_access")];
    refused(web.token(&fields).await, "invalid_scope").await;
    renewed(&web, token).await;
}

#[tokio::test]
async fn malformed_and_unknown_tokens_are_refused() {
    let server = TestServer::start().await;
    let web = RelyingParty::confidential(&server, "web").await;
    let unknown = domain::bearer::BearerKind::RefreshToken.token([3; 32]);
    for token in ["nonsense", "oart_", unknown.expose()] {
        refused(web.refresh(token).await, "invalid_grant").await;
    }
    refused(web.token(&[("grant_type", "refresh_token")]).await, "invalid_request").await;
}

#[tokio::test]
async fn no_refresh_token_is_issued_unless_switch_and_client_allow() {
    use domain::GrantType;
    let off = TestServer::with(|settings| settings.refresh_token_grant = false).await;
    off.user("ada").await;
    let web = RelyingParty::confidential(&off, "web").await;
    let fields = [("scope", "openid offline_access")];
    let tokens = web.tokens(&Browser::new(&off.issuer), "ada", &fields).await;
    assert!(tokens.0.get("refresh_token").is_none());
    assert_eq!(tokens.0["scope"], "openid", "an offline_access that cannot apply is ignored");
    refused(web.refresh("x").await, "unsupported_grant_type").await;

    let on = TestServer::start().await;
    on.user("ada").await;
    let code_only = RelyingParty::register(&on, "code-only", |client| {
        client.grant_types = [GrantType::AuthorizationCode].into();
    })
    .await;
    let tokens = code_only.tokens(&Browser::new(&on.issuer), "ada", &[]).await;
    assert!(tokens.0.get("refresh_token").is_none());
    refused(code_only.refresh("x").await, "unauthorized_client").await;
}
