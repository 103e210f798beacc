//! Token revocation (RFC 7009).

use serde_json::Value;
use tests::support::{Browser, RelyingParty, TestServer};

#[tokio::test]
async fn a_revoked_access_token_dies_alone() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    let answer = web.revoke(tokens.text("access_token")).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.text().await.unwrap(), "");
    assert_eq!(web.userinfo(tokens.text("access_token")).await.status(), 401);
    let renewed = RelyingParty::successful(web.refresh(tokens.text("refresh_token")).await).await;
    assert_eq!(web.userinfo(renewed.text("access_token")).await.status(), 200);
}

#[tokio::test]
async fn a_revoked_refresh_token_takes_its_family_and_its_access_tokens_with_it() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let first = web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    let second = RelyingParty::successful(web.refresh(first.text("refresh_token")).await).await;
    assert_eq!(web.revoke(second.text("refresh_token")).await.status(), 200);
    assert_eq!(web.refresh(second.text("refresh_token")).await.status(), 400);
    for tokens in [&first, &second] {
        assert_eq!(web.userinfo(tokens.text("access_token")).await.status(), 401);
    }
}

#[tokio::test]
async fn a_public_client_may_revoke_its_own() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let app = RelyingParty::public(&server, "app").await;
    let tokens = app.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    assert_eq!(app.revoke(tokens.text("refresh_token")).await.status(), 200);
    assert_eq!(app.userinfo(tokens.text("access_token")).await.status(), 401);
}

#[tokio::test]
async fn another_clients_token_is_refused_and_nothing_happens() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let other = RelyingParty::confidential(&server, "other").await;
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    for member in ["access_token", "refresh_token"] {
        let answer = other.revoke(tokens.text(member)).await;
        assert_eq!(answer.status(), 400);
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error"], "invalid_grant");
    }
    assert_eq!(web.userinfo(tokens.text("access_token")).await.status(), 200);
    assert_eq!(web.refresh(tokens.text("refresh_token")).await.status(), 200);
}

#[tokio::test]
async fn an_unknown_token_is_as_good_as_revoked_whatever_the_hint() {
    let server = TestServer::start().await;
    let web = RelyingParty::confidential(&server, "web").await;
    for token in ["nonsense", "oart_nonsense", "a.b.c"] {
        for hint in ["access_token", "refresh_token", "pizza"] {
            let fields = [("token", token), ("token_type_hint", hint)];
            assert_eq!(web.post("/oauth/revoke", &fields).await.status(), 200, "{token} {hint}");
        }
    }
    let missing = web.post("/oauth/revoke", &[("token_type_hint", "access_token")]).await;
    assert_eq!(missing.status(), 400);
}

#[tokio::test]
async fn a_service_revokes_its_own_token() {
    let server = TestServer::start().await;
    let service = RelyingParty::service(&server, "service").await;
    let tokens = RelyingParty::successful(service.token(&[("grant_type", "client_credentials")]).await).await;
    let token = tokens.text("access_token");
    assert_eq!(service.introspect(token).await["active"], true);
    assert_eq!(service.revoke(token).await.status(), 200);
    assert_eq!(service.introspect(token).await["active"], false);
}
