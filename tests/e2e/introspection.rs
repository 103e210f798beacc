//! Which callers may introspect a token, and what they learn (RFC 7662).

use chrono::Duration;
use domain::{Actor, GrantType};
use serde_json::{Value, json};
use tests::support::{Browser, RelyingParty, TestServer};

fn inactive() -> Value {
    json!({"active": false})
}

#[tokio::test]
async fn the_owner_and_a_resource_server_see_an_access_token_and_nobody_else() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let other = RelyingParty::confidential(&server, "other").await;
    let api = RelyingParty::register(&server, "api", |client| {
        client.grant_types = [GrantType::ClientCredentials].into();
        client.resource_server = true;
    })
    .await;
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    let token = tokens.text("access_token");

    let seen = web.introspect(token).await;
    assert_eq!(seen, api.introspect(token).await);
    assert_eq!(other.introspect(token).await, inactive());
    let now = server.now().timestamp();
    let claims = tokens.claims("access_token");
    assert_eq!(
        seen,
        json!({
            "active": true, "scope": "email openid profile", "client_id": "web", "username": "ada",
            "token_type": "Bearer", "exp": now + 3600, "iat": now, "sub": ada.id.to_string(),
            "aud": server.issuer, "iss": server.issuer, "jti": claims["jti"],
            "auth_time": now, "acr": "urn:oauth2-server:acr:password",
        })
    );
}

#[tokio::test]
async fn the_user_name_is_for_whom_the_user_let_see_their_profile() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let api = RelyingParty::register(&server, "api", |client| client.resource_server = true).await;
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[("scope", "read")]).await;
    let token = tokens.text("access_token");
    assert!(web.introspect(token).await.get("username").is_none());
    assert_eq!(api.introspect(token).await["username"], "ada");
}

#[tokio::test]
async fn a_refresh_token_is_active_to_its_own_client_only() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let api = RelyingParty::register(&server, "api", |client| client.resource_server = true).await;
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    let token = tokens.text("refresh_token");
    let seen = web.introspect(token).await;
    assert_eq!((&seen["active"], &seen["client_id"]), (&json!(true), &json!("web")));
    assert_eq!(api.introspect(token).await, inactive());
    web.refresh(token).await;
    assert_eq!(web.introspect(token).await, inactive(), "a spent one is inactive");
}

#[tokio::test]
async fn a_refresh_token_expires_with_its_session_if_that_is_earlier() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let settings = &server.settings;
    let (session, idle) = (settings.lifetimes.session, settings.lifetimes.refresh_token_idle);
    assert!(session < idle);
    let start = server.now();
    let exp = async |token: &str| web.introspect(token).await["exp"].as_i64();
    let offline =
        web.tokens(&Browser::new(&server.issuer), "ada", &[("scope", "openid offline_access")]).await;
    assert_eq!(exp(offline.text("refresh_token")).await, Some((start + idle).timestamp()));

    let bound = web.tokens(&Browser::new(&server.issuer), "ada", &[("scope", "openid")]).await;
    let end = Some((start + session).timestamp());
    assert_eq!(exp(bound.text("refresh_token")).await, end);
    server.clock.advance(Duration::hours(1));
    // A rotation renews the idle time, and not the session.
    let renewed = RelyingParty::successful(web.refresh(bound.text("refresh_token")).await).await;
    assert_eq!(exp(renewed.text("refresh_token")).await, end);
    // What was said is true: it is active until then, and not at that time.
    server.clock.advance(start + session - server.now() - Duration::seconds(1));
    assert_eq!(exp(renewed.text("refresh_token")).await, end);
    server.clock.advance(Duration::seconds(1));
    assert_eq!(web.introspect(renewed.text("refresh_token")).await, inactive());
    assert_eq!(web.refresh(renewed.text("refresh_token")).await.status(), 400);
}

#[tokio::test]
async fn what_is_not_a_live_token_of_ours_is_inactive() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    let token = tokens.text("access_token");
    let (head, signature) = token.rsplit_once('.').unwrap();
    let (header, payload) = head.split_once('.').unwrap();
    let flipped = if payload.ends_with('A') { "B" } else { "A" };
    for bad in [
        "nonsense".to_owned(),
        "oart_nonsense".to_owned(),
        tokens.text("id_token").to_owned(),
        format!("{header}.{}{flipped}.{signature}", &payload[..payload.len() - 1]),
        format!("{header}.{payload}."),
        "x".repeat(40_000),
    ] {
        assert_eq!(web.introspect(&bad).await, inactive(), "{}", &bad[..8]);
    }
    server.clock.advance(Duration::seconds(3599));
    assert_eq!(web.introspect(token).await["active"], json!(true));
    server.clock.advance(Duration::seconds(1));
    assert_eq!(web.introspect(token).await, inactive());
}

#[tokio::test]
async fn a_disabled_or_deleted_client_or_user_ends_their_tokens_at_the_next_request() {
    let server = TestServer::start().await;
    let api = RelyingParty::register(&server, "api", |client| client.resource_server = true).await;
    let active = async |token: &str| api.introspect(token).await["active"].as_bool().unwrap();

    for round in ["disable", "delete"] {
        let ada = server.user(&format!("ada-{round}")).await;
        let web = RelyingParty::confidential(&server, &format!("web-{round}")).await;
        let shop = RelyingParty::confidential(&server, &format!("shop-{round}")).await;
        let service = RelyingParty::service(&server, &format!("service-{round}")).await;
        let browser = Browser::new(&server.issuer);
        let at_web = web.tokens(&browser, &format!("ada-{round}"), &[]).await;
        let at_shop = shop.tokens(&browser, &format!("ada-{round}"), &[]).await;
        let own = service.token(&[("grant_type", "client_credentials")]).await;
        let own = RelyingParty::successful(own).await;
        for tokens in [&at_web, &at_shop, &own] {
            assert!(active(tokens.text("access_token")).await);
        }

        for client in [&web, &service] {
            let id = client.id.parse().unwrap();
            if round == "disable" {
                server.clients.set_enabled(&id, false, Actor::CommandLine).await.unwrap();
            } else {
                server.clients.delete(&id, Actor::CommandLine).await.unwrap();
            }
        }
        assert!(!active(at_web.text("access_token")).await);
        assert!(!active(own.text("access_token")).await);
        assert!(active(at_shop.text("access_token")).await);

        if round == "disable" {
            server.users.set_enabled(ada.id, false, Actor::CommandLine).await.unwrap();
        } else {
            server.users.delete(ada.id, Actor::CommandLine).await.unwrap();
        }
        assert!(!active(at_shop.text("access_token")).await);
        assert_eq!(shop.userinfo(at_shop.text("access_token")).await.status(), 401);
        assert_eq!(shop.refresh(at_shop.text("refresh_token")).await.status(), 400);
        assert!(browser.open(&shop.authorization_url(&[])).await.page().has("#login"), "and their session");
    }
}

#[tokio::test]
async fn introspection_needs_a_credential_unless_it_is_public() {
    let server = TestServer::start().await;
    let app = RelyingParty::public(&server, "app").await;
    assert_eq!(app.post("/oauth/introspect", &[("token", "x")]).await.status(), 401);

    let public = TestServer::with(|settings| settings.public_introspection = true).await;
    public.user("ada").await;
    let web = RelyingParty::confidential(&public, "web").await;
    let tokens = web.tokens(&Browser::new(&public.issuer), "ada", &[]).await;
    let ask = async |token: &str| -> Value {
        let request = web.http().post(public.url("/oauth/introspect")).form(&[("token", token)]);
        request.send().await.unwrap().json().await.unwrap()
    };
    assert_eq!(ask(tokens.text("access_token")).await["active"], json!(true));
    assert_eq!(ask(tokens.text("refresh_token")).await, inactive());
    // Wrong credentials are still refused.
    let wrong = web.with_secret("wrong");
    assert_eq!(wrong.post("/oauth/introspect", &[("token", "x")]).await.status(), 401);
}
