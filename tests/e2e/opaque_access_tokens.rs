//! Opaque access tokens: stored instead of signed, and otherwise the same (RFC 6749 §1.4).

use chrono::Duration;
use domain::client::AccessTokenFormat;
use domain::{Actor, GrantType};
use serde_json::{Value, json};
use tests::support::{Browser, RelyingParty, TestServer, Tokens};

/// A server whose access tokens are all opaque, with a user.
async fn opaque_server() -> TestServer {
    let server = TestServer::with(|settings| settings.opaque_access_tokens = true).await;
    server.user("ada").await;
    server
}

async fn is_active(client: &RelyingParty, token: &str) -> bool {
    let answer = client.introspect(token).await;
    if answer["active"] == json!(false) {
        assert_eq!(answer, json!({"active": false}));
    }
    answer["active"].as_bool().unwrap()
}

#[tokio::test]
async fn introspection_tells_what_a_jwt_would_say() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let web = RelyingParty::register(&server, "web", |client| {
        client.tokens.access_token_format = AccessTokenFormat::Opaque;
    })
    .await;
    let api = RelyingParty::register(&server, "api", |client| client.resource_server = true).await;
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    let token = tokens.text("access_token");
    assert!(token.starts_with("oaat_") && !token.contains('.'), "{token}");
    let seen = web.introspect(token).await;
    let now = server.now().timestamp();
    assert_eq!(
        seen,
        json!({
            "active": true, "scope": "email openid profile", "client_id": "web", "username": "ada",
            "token_type": "Bearer", "exp": now + 3600, "iat": now, "sub": ada.id.to_string(),
            "aud": server.issuer, "iss": server.issuer, "jti": seen["jti"],
            "auth_time": now, "acr": "urn:oauth2-server:acr:password",
        })
    );
    assert_eq!(api.introspect(token).await, seen);
    let other = RelyingParty::confidential(&server, "other").await;
    assert!(!is_active(&other, token).await);
    // Other clients of the same server still get JWTs.
    let signed = other.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    assert_eq!(signed.text("access_token").split('.').count(), 3);
}

#[tokio::test]
async fn it_opens_userinfo_and_is_bound_to_its_id_token() {
    let server = opaque_server().await;
    let web = RelyingParty::confidential(&server, "web").await;
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    let claims: Value = web.userinfo(tokens.text("access_token")).await.json().await.unwrap();
    assert_eq!(claims["email"], "ada@example.com");
    assert!(tokens.claims("id_token")["at_hash"].is_string());
    let other_scope = web.tokens(&Browser::new(&server.issuer), "ada", &[("scope", "read")]).await;
    assert_eq!(web.userinfo(other_scope.text("access_token")).await.status(), 403);
}

#[tokio::test]
async fn a_service_gets_one_too_and_revokes_it() {
    let server = opaque_server().await;
    let service = RelyingParty::service(&server, "service").await;
    let grant = [("grant_type", "client_credentials")];
    let tokens = RelyingParty::successful(service.token(&grant).await).await;
    let token = tokens.text("access_token");
    assert_eq!(service.introspect(token).await["sub"], "service");
    assert_eq!(service.userinfo(token).await.status(), 403, "there is no user");
    let second = RelyingParty::successful(service.token(&grant).await).await;
    assert_eq!(service.revoke(token).await.status(), 200);
    assert!(!is_active(&service, token).await);
    assert!(is_active(&service, second.text("access_token")).await);
}

#[tokio::test]
async fn revocation_has_the_same_reach() {
    let server = opaque_server().await;
    let web = RelyingParty::confidential(&server, "web").await;
    let other = RelyingParty::confidential(&server, "other").await;
    let first = web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    let refused = other.revoke(first.text("access_token")).await;
    assert_eq!(refused.status(), 400);
    assert_eq!(refused.json::<Value>().await.unwrap()["error"], "invalid_grant");
    assert!(is_active(&web, first.text("access_token")).await, "a refused revocation revoked the token");

    assert_eq!(web.revoke(first.text("access_token")).await.status(), 200);
    assert!(!is_active(&web, first.text("access_token")).await);
    assert_eq!(web.userinfo(first.text("access_token")).await.status(), 401);
    let second = RelyingParty::successful(web.refresh(first.text("refresh_token")).await).await;
    assert!(
        is_active(&web, second.text("access_token")).await,
        "the revocation of one token revoked another"
    );
    assert_eq!(web.revoke(second.text("refresh_token")).await.status(), 200);
    assert!(!is_active(&web, second.text("access_token")).await, "a refresh token takes its family with it");
}

#[tokio::test]
async fn it_ends_with_its_session_its_user_and_its_client() {
    let server = opaque_server().await;
    let web = RelyingParty::confidential(&server, "web").await;
    let api = RelyingParty::register(&server, "api", |client| client.resource_server = true).await;
    let (browser, other_browser) = (Browser::new(&server.issuer), Browser::new(&server.issuer));
    let in_session = web.tokens(&browser, "ada", &[]).await;
    let elsewhere = web.tokens(&other_browser, "ada", &[]).await;
    let hint = in_session.text("id_token");
    assert!(browser.open(&format!("/oauth/logout?id_token_hint={hint}")).await.page().has("#logged-out"));
    assert!(!is_active(&api, in_session.text("access_token")).await);
    assert!(is_active(&api, elsewhere.text("access_token")).await);

    let bob = server.user("bob").await;
    let of_bob = web.tokens(&Browser::new(&server.issuer), "bob", &[]).await;
    server.users.set_enabled(bob.id, false, Actor::CommandLine).await.unwrap();
    assert!(!is_active(&api, of_bob.text("access_token")).await);

    server.clients.set_enabled(&"web".parse().unwrap(), false, Actor::CommandLine).await.unwrap();
    assert!(!is_active(&api, elsewhere.text("access_token")).await);
}

#[tokio::test]
async fn it_expires_to_the_second_and_is_then_forgotten() {
    let server = opaque_server().await;
    let web = RelyingParty::confidential(&server, "web").await;
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    let token = tokens.text("access_token");
    server.clock.advance(Duration::seconds(3599));
    assert!(is_active(&web, token).await);
    server.clock.advance(Duration::seconds(1));
    assert!(!is_active(&web, token).await);
    assert_eq!(web.userinfo(token).await.status(), 401);
    let digest = domain::Secret::from(token).digest();
    assert!(server.ports.opaque_access_tokens.find(digest, server.now()).await.unwrap().is_some());
    server.ports.expired.purge(server.now(), 100).await.unwrap();
    assert!(server.ports.opaque_access_tokens.find(digest, server.now()).await.unwrap().is_none());
    assert_eq!(web.revoke(token).await.status(), 200, "revoking an expired token is a success");
}

#[tokio::test]
async fn what_only_looks_like_one_is_inactive() {
    let server = opaque_server().await;
    let web = RelyingParty::confidential(&server, "web").await;
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    let token = tokens.text("access_token");
    for bad in [
        "oaat_nonsense".to_owned(),
        token.replace("oaat_", "oart_"),
        token.replace("oaat_", ""),
        format!("{token}A"),
        format!("{token} "),
        format!("oaat_{}", "A".repeat(47)),
    ] {
        assert!(!is_active(&web, &bad).await, "{bad}");
        assert_eq!(web.userinfo(&bad.replace(' ', "%20")).await.status(), 401, "{bad}");
        assert_eq!(web.revoke(&bad).await.status(), 200, "{bad}");
    }
    assert!(is_active(&web, token).await);
    assert_eq!(web.refresh(token).await.status(), 400, "it is no refresh token");
}

#[tokio::test]
async fn a_change_of_the_format_leaves_issued_tokens_as_they_are() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::register(&server, "web", |client| {
        client.grant_types.insert(GrantType::ClientCredentials);
    })
    .await;
    let before = web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    let opaque = |client: &mut domain::Client| client.tokens.access_token_format = AccessTokenFormat::Opaque;
    server.update_client(&"web".parse().unwrap(), opaque).await.unwrap();
    let after: Tokens = RelyingParty::successful(web.refresh(before.text("refresh_token")).await).await;
    assert!(after.text("access_token").starts_with("oaat_"));
    for tokens in [&before, &after] {
        assert_eq!(web.userinfo(tokens.text("access_token")).await.status(), 200);
    }
}
