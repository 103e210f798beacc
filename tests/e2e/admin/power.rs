//! Administrative power is never implicit: what a client has to do, and what a user sees, before a user's token carries it.

use chrono::Duration;
use domain::GrantType;
use reqwest::Method;
use serde_json::json;
use tests::support::{Browser, Page, RelyingParty, TestServer};

use super::{ADMINISTRATION, Caller, administrator, marked, plain, refusal};

const USERS: &str = "/admin/api/users";

/// An administrative client with every grant.
async fn console(server: &TestServer, id: &str, first_party: bool) -> RelyingParty {
    RelyingParty::register(server, id, |client| {
        client.grant_types = GrantType::ALL.into_iter().collect();
        client.administrative = true;
        client.first_party = first_party;
        client.scope = "openid offline_access read administration".parse().unwrap();
    })
    .await
}

async fn opens_users(server: &TestServer, token: &str) -> u16 {
    let caller = Caller::Token(token.to_owned());
    caller.send(server, Method::GET, USERS, None).await.status().as_u16()
}

#[tokio::test]
async fn a_request_without_the_scope_gets_no_power_not_even_by_default() {
    let server = TestServer::start().await;
    administrator(&server, "root").await;
    let console = marked(&server, "console").await;
    let browser = Browser::new(&server.issuer);
    for (scope, granted, status) in [
        // Without a scope, the client gets its default.
        ("", "read", 403),
        ("openid read", "openid read", 403),
        ("openid administration", "administration openid", 200),
        ("administration", "administration", 200),
    ] {
        let fields = [("scope", scope), ("nonce", "")];
        let tokens = console.tokens(&browser, "root", &fields).await;
        assert_eq!(tokens.text("scope"), granted, "{scope}");
        assert_eq!(opens_users(&server, tokens.text("access_token")).await, status, "{scope}");
    }
}

#[tokio::test]
async fn consent_to_power_is_asked_every_time_in_red_also_of_an_operators_own_client() {
    let server = TestServer::start().await;
    administrator(&server, "root").await;
    let own = console(&server, "own", true).await;
    let browser = Browser::new(&server.issuer);
    // The client is the operator's own: what is harmless is not asked about.
    own.tokens(&browser, "root", &[("scope", "openid read")]).await;
    for _ in 0..2 {
        let page = browser.open(&own.authorization_url(&[ADMINISTRATION])).await.page();
        assert!(page.has("#allow") && page.has("#administers.problem"), "{}", page.html);
        assert!(page.text("#administers").contains("full control of this server"), "{}", page.html);
        let granted = browser.allow(&page).await.client();
        assert!(granted.query().unwrap().contains("code="), "{granted}");
    }
    let silent = browser.open(&own.authorization_url(&[ADMINISTRATION, ("prompt", "none")])).await.client();
    assert!(silent.query().unwrap().contains("error=consent_required"), "{silent}");
    let harmless = marked(&server, "console").await;
    let page = browser.open(&harmless.authorization_url(&[("scope", "openid read")])).await.page();
    assert!(page.has("#allow") && !page.has("#administers"), "{}", page.html);
}

#[tokio::test]
async fn the_warning_is_there_in_every_language() {
    let server = TestServer::start().await;
    administrator(&server, "root").await;
    let console = marked(&server, "console").await;
    let browser = Browser::new(&server.issuer);
    browser.sign_in(&browser.open("/login").await.page(), "root").await;
    for (language, word) in [
        ("en", "full control"),
        ("de", "volle Kontrolle"),
        ("es", "control total"),
        ("fr", "contrôle total"),
        ("ja", "完全な管理権限"),
        ("tr", "tam denetimini"),
    ] {
        let url = console.authorization_url(&[ADMINISTRATION, ("ui_locales", language)]);
        let page = browser.open(&url).await.page();
        assert!(page.text("#administers").contains(word), "{language}: {}", page.html);
    }
}

#[tokio::test]
async fn power_needs_an_authentication_of_the_last_minutes() {
    let server = TestServer::start().await;
    administrator(&server, "root").await;
    let console = marked(&server, "console").await;
    let browser = Browser::new(&server.issuer);
    let asks_for_login = |page: &Page| page.has("#login");
    browser.sign_in(&browser.open("/login").await.page(), "root").await;
    server.clock.advance(Duration::minutes(4));
    let page = browser.open(&console.authorization_url(&[ADMINISTRATION])).await.page();
    assert!(!asks_for_login(&page), "{}", page.html);
    server.clock.advance(Duration::minutes(2));
    // Nor does a consent page that was opened in time.
    let late = browser.submit(&page, &[("decision", "allow")]).await.page();
    assert!(asks_for_login(&late), "{}", late.html);
    for fields in [&[ADMINISTRATION][..], &[ADMINISTRATION, ("max_age", "86400")]] {
        let page = browser.open(&console.authorization_url(fields)).await.page();
        assert!(asks_for_login(&page), "{}", page.html);
    }
    let silent = console.authorization_url(&[ADMINISTRATION, ("prompt", "none")]);
    let silent = browser.open(&silent).await.client();
    assert!(silent.query().unwrap().contains("error=login_required"), "{silent}");
    // Everything else goes on with the session.
    let url = console.authorization_url(&[("scope", "openid read")]);
    assert!(browser.open(&url).await.page().has("#allow"));
    let tokens = console.tokens(&browser, "root", &[ADMINISTRATION]).await;
    assert_eq!(opens_users(&server, tokens.text("access_token")).await, 200);
}

#[tokio::test]
async fn no_other_grant_gives_the_scope() {
    let server = TestServer::with(|settings| settings.password_grant = true).await;
    administrator(&server, "root").await;
    let console = console(&server, "console", false).await;
    let password = tests::support::PASSWORD;
    for form in [
        vec![("grant_type", "client_credentials"), ("scope", "administration")],
        vec![
            ("grant_type", "password"),
            ("username", "root"),
            ("password", password),
            ("scope", "read administration"),
        ],
    ] {
        let answer = console.token(&form).await;
        assert_eq!(answer.status(), 400, "{form:?}");
        refusal(&answer.json().await.unwrap(), "invalid_scope");
    }
    let device = console.post("/oauth/device_authorization", &[("scope", "openid administration")]).await;
    assert_eq!(device.status(), 400);
    refusal(&device.json().await.unwrap(), "invalid_scope");
}

#[tokio::test]
async fn a_refreshed_token_keeps_the_power_and_can_leave_it_out_until_the_operator_takes_the_scope_away() {
    let server = TestServer::start().await;
    administrator(&server, "root").await;
    let console = marked(&server, "console").await;
    let tokens = console
        .tokens(&Browser::new(&server.issuer), "root", &[("scope", "openid read administration")])
        .await;
    let refresh = async |token: &str, scope: &str| {
        let mut form = vec![("grant_type", "refresh_token"), ("refresh_token", token)];
        form.extend(Some(("scope", scope)).filter(|_| !scope.is_empty()));
        RelyingParty::successful(console.token(&form).await).await
    };
    let next = refresh(tokens.text("refresh_token"), "").await;
    assert_eq!(opens_users(&server, next.text("access_token")).await, 200);
    let next = refresh(next.text("refresh_token"), "openid read").await;
    assert_eq!(opens_users(&server, next.text("access_token")).await, 403);
    let less = |client: &mut domain::Client| client.scope = "openid read".parse().unwrap();
    server.update_client(&"console".parse().unwrap(), less).await.unwrap();
    let next = refresh(next.text("refresh_token"), "").await;
    assert_eq!(
        (next.text("scope"), opens_users(&server, next.text("access_token")).await),
        ("openid read", 403)
    );
}

#[tokio::test]
async fn the_scope_does_not_exist_for_a_client_without_the_mark() {
    let server = TestServer::start().await;
    let root = Caller::administrator(&server).await;
    let wanted = json!({
        "client_id": "web", "redirect_uris": ["https://client.example/callback"], "scope": "openid administration",
    });
    let refused = root.post(&server, "/admin/api/clients", &wanted, 400).await;
    assert!(refused["error_description"].as_str().unwrap().starts_with("scope:"), "{refused}");
    let web = RelyingParty::confidential(&server, "web").await;
    let tokens = web.tokens(&Browser::new(&server.issuer), "root", &[ADMINISTRATION]).await;
    assert_eq!(tokens.text("scope"), "openid");
    // The mark can be taken away alone; the scope is then without effect.
    let console = marked(&server, "console").await;
    root.patch(&server, "/admin/api/clients/console", &json!({"administrative": false}), 200).await;
    let tokens = console.tokens(&Browser::new(&server.issuer), "root", &[ADMINISTRATION]).await;
    assert_eq!(tokens.text("scope"), "openid");
    let metadata = plain().get(server.url("/.well-known/openid-configuration")).send().await.unwrap();
    let metadata: serde_json::Value = metadata.json().await.unwrap();
    let advertised = metadata["scopes_supported"].as_array().unwrap();
    assert!(!advertised.contains(&json!("administration")), "{advertised:?}");
}
