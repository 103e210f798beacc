//! grant_type=password (RFC 6749 §4.3): off by default, and for confidential clients registered for it only.

use domain::{Actor, GrantType};
use reqwest::Response;
use serde_json::{Value, json};
use tests::support::{Browser, PASSWORD, RelyingParty, TestServer};

async fn server() -> TestServer {
    let server = TestServer::with(|settings| settings.password_grant = true).await;
    server.user("ada").await;
    server
}

/// A confidential client with the password and refresh token grants.
async fn legacy(server: &TestServer) -> RelyingParty {
    RelyingParty::register(server, "legacy", |client| {
        client.grant_types = [GrantType::Password, GrantType::RefreshToken].into();
        client.redirect_uris.clear();
    })
    .await
}

async fn grant(client: &RelyingParty, username: &str, password: &str, scope: &str) -> Response {
    let fields =
        [("grant_type", "password"), ("username", username), ("password", password), ("scope", scope)];
    client.token(&fields).await
}

async fn refused(answer: Response) -> (u16, String) {
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap();
    (status, body["error"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_password_is_exchanged_for_tokens_without_a_session() {
    let server = server().await;
    let legacy = legacy(&server).await;
    let tokens = RelyingParty::successful(grant(&legacy, "ADA", PASSWORD, "openid email").await).await;
    assert_eq!(tokens.0["scope"], "email openid");
    let now = server.now().timestamp();
    let id_token = tokens.claims("id_token");
    assert_eq!(id_token["amr"], json!(["pwd"]));
    assert_eq!(id_token["acr"], "urn:oauth2-server:acr:password");
    assert_eq!(id_token["auth_time"], now);
    assert!(id_token.get("sid").is_none() && id_token.get("nonce").is_none());
    let claims: Value = legacy.userinfo(tokens.text("access_token")).await.json().await.unwrap();
    assert_eq!(claims["email"], "ada@example.com");
    assert_eq!(legacy.introspect(tokens.text("access_token")).await["active"], true);
    let renewed = RelyingParty::successful(legacy.refresh(tokens.text("refresh_token")).await).await;
    assert_eq!(legacy.userinfo(renewed.text("access_token")).await.status(), 200);
    assert_eq!(legacy.revoke(renewed.text("refresh_token")).await.status(), 200);
    assert_eq!(legacy.userinfo(tokens.text("access_token")).await.status(), 401);
}

#[tokio::test]
async fn without_openid_and_the_refresh_token_grant_there_is_an_access_token_only() {
    let server = TestServer::with(|settings| {
        settings.password_grant = true;
        settings.refresh_token_grant = false;
    })
    .await;
    server.user("ada").await;
    let legacy = legacy(&server).await;
    let tokens = RelyingParty::successful(grant(&legacy, "ada", PASSWORD, "").await).await;
    assert_eq!(tokens.0["scope"], "read write", "the default scope has nothing about people");
    assert!(tokens.0.get("id_token").is_none() && tokens.0.get("refresh_token").is_none());
}

#[tokio::test]
async fn what_is_wrong_is_told_without_helping_a_guesser() {
    let server = server().await;
    let legacy = legacy(&server).await;
    let bob = server.user("bob").await;
    server.users.set_enabled(bob.id, false, Actor::CommandLine).await.unwrap();
    let mut descriptions = Vec::new();
    for (username, password) in [
        ("ada", "wrong"),
        ("nobody", PASSWORD),
        ("bob", PASSWORD),
        ("\u{7}", PASSWORD),
        ("ada", &"x".repeat(2000)),
    ] {
        let answer = grant(&legacy, username, password, "read").await;
        assert_eq!(answer.status(), 400, "{username:?}");
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error"], "invalid_grant", "{username:?}");
        descriptions.push(body["error_description"].as_str().unwrap().to_owned());
    }
    descriptions.dedup();
    assert_eq!(descriptions.len(), 1, "{descriptions:?}");
    for (username, password, scope, code) in [
        ("", PASSWORD, "read", "invalid_request"),
        ("ada", "", "read", "invalid_request"),
        ("ada", PASSWORD, "nonsense", "invalid_scope"),
        ("ada", PASSWORD, "\"", "invalid_scope"),
    ] {
        let expected = (400, code.to_owned());
        assert_eq!(refused(grant(&legacy, username, password, scope).await).await, expected);
    }
}

#[tokio::test]
async fn it_needs_the_switch_the_registration_and_a_credential() {
    let off = TestServer::start().await;
    off.user("ada").await;
    let unsupported = (400, "unsupported_grant_type".to_owned());
    assert_eq!(refused(grant(&legacy(&off).await, "ada", PASSWORD, "read").await).await, unsupported);

    let server = server().await;
    let unauthorized = (400, "unauthorized_client".to_owned());
    let web = RelyingParty::confidential(&server, "web").await;
    assert_eq!(refused(grant(&web, "ada", PASSWORD, "read").await).await, unauthorized);
    let app = RelyingParty::public(&server, "app").await;
    assert_eq!(refused(grant(&app, "ada", PASSWORD, "read").await).await, unauthorized);
    let wrong = legacy(&server).await.with_secret("wrong");
    assert_eq!(
        refused(grant(&wrong, "ada", PASSWORD, "read").await).await,
        (401, "invalid_client".to_owned())
    );
    // A public client cannot be registered for it.
    let id = app.id.parse().unwrap();
    let register = |client: &mut domain::Client| {
        client.grant_types.insert(GrantType::Password);
    };
    let refusal = server.update_client(&id, register).await.unwrap_err();
    assert_eq!(refusal.to_string(), "grant_types: a public client cannot use the grant type password");
}

#[tokio::test]
async fn it_has_the_limits_of_the_login_page_and_counts_apart() {
    let server = server().await;
    server.user("eve").await;
    let legacy = legacy(&server).await;
    for _ in 0..12 {
        assert_eq!(
            grant(&legacy, "ada", PASSWORD, "read").await.status(),
            200,
            "successful attempts do not count"
        );
    }
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    for _ in 0..9 {
        assert_eq!(grant(&legacy, "ada", "wrong", "read").await.status(), 400);
        let fields = [("username", "ada"), ("password", "wrong")];
        assert_eq!(browser.submit(&login, &fields).await.page().status, 422);
    }
    assert_eq!(grant(&legacy, "ada", "wrong", "read").await.status(), 400);
    let limited = grant(&legacy, "ada", PASSWORD, "read").await;
    let seconds: i64 = limited.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert_eq!(refused(limited).await, (429, "temporarily_unavailable".to_owned()));
    assert_eq!(browser.sign_in(&login, "ada").await.page().status, 200, "the login page has counted nine");
    assert_eq!(grant(&legacy, "eve", PASSWORD, "read").await.status(), 200, "others are not locked out");
    server.clock.advance(chrono::Duration::seconds(seconds));
    assert_eq!(grant(&legacy, "ada", PASSWORD, "read").await.status(), 200);
}

#[tokio::test]
async fn a_user_who_is_disabled_later_loses_the_tokens() {
    let server = server().await;
    let legacy = legacy(&server).await;
    let bob = server.user("bob").await;
    let tokens = RelyingParty::successful(grant(&legacy, "bob", PASSWORD, "openid").await).await;
    server.users.set_enabled(bob.id, false, Actor::CommandLine).await.unwrap();
    assert_eq!(legacy.userinfo(tokens.text("access_token")).await.status(), 401);
    assert_eq!(legacy.refresh(tokens.text("refresh_token")).await.status(), 400);
}

#[tokio::test]
async fn it_is_advertised_only_when_it_is_on() {
    for on in [false, true] {
        let server = TestServer::with(|settings| settings.password_grant = on).await;
        let url = server.url("/.well-known/openid-configuration");
        let metadata: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
        let grants = metadata["grant_types_supported"].as_array().unwrap();
        assert_eq!(grants.contains(&json!("password")), on);
    }
}
