//! Which scopes a request may name: those that nobody declared, those of other clients, and blanks (RFC 6749 §3.3,
//! OpenID Connect Core §3.1.2.1).

use application::settings::RegistrationMode;
use domain::GrantType;
use reqwest::Response;
use serde_json::{Value, json};
use tests::support::{Browser, Callback, PASSWORD, RelyingParty, TestServer, Tokens};

const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A client that may use every grant, and ask for everything but `write`.
async fn everything(server: &TestServer) -> RelyingParty {
    RelyingParty::register(server, "web", |client| {
        client.grant_types = [
            GrantType::AuthorizationCode,
            GrantType::RefreshToken,
            GrantType::ClientCredentials,
            GrantType::Password,
            GrantType::DeviceCode,
        ]
        .into();
        client.scope = "openid profile email offline_access read".parse().unwrap();
    })
    .await
}

async fn server() -> TestServer {
    let server = TestServer::with(|settings| settings.password_grant = true).await;
    server.user("ada").await;
    server
}

/// Pushes a request with this scope.
async fn push(client: &RelyingParty, scope: &str) -> Response {
    let url = url::Url::parse(&client.authorization_url(&[("scope", scope)])).unwrap();
    let pairs: Vec<_> = url.query_pairs().into_owned().collect();
    let form: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    client.post("/oauth/par", &form).await
}

/// The tokens of a pushed request with this scope.
async fn by_push(client: &RelyingParty, browser: &Browser, scope: &str) -> Tokens {
    let pushed = RelyingParty::successful_with(push(client, scope).await, 201).await;
    let sent = [("client_id", client.id.as_str()), ("request_uri", pushed.text("request_uri"))];
    let url = url::Url::parse_with_params(&format!("{}/oauth/authorize", client.issuer), sent).unwrap();
    let arrived = browser.sign_in_and_consent(url.as_str(), "ada").await;
    client.redeemed(Callback::from_url(&arrived).code()).await
}

/// The tokens of a device that asked for this scope, and that Ada approved.
async fn by_device(client: &RelyingParty, browser: &Browser, scope: &str) -> Tokens {
    let begun = client.post("/oauth/device_authorization", &[("scope", scope)]).await;
    let begun = RelyingParty::successful(begun).await;
    let page = browser.open(begun.text("verification_uri_complete")).await.page();
    assert!(browser.submit(&page, &[("decision", "allow")]).await.page().has("#device-allowed"));
    let poll = [("grant_type", DEVICE_CODE), ("device_code", begun.text("device_code"))];
    RelyingParty::successful(client.token(&poll).await).await
}

/// The description of an `invalid_scope`.
async fn refused(answer: Response) -> String {
    assert_eq!(answer.status(), 400);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["error"], "invalid_scope", "{body}");
    body["error_description"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn scopes_that_nobody_declared_are_ignored_where_a_user_is_asked_and_the_answer_says_what_was_granted()
{
    let server = server().await;
    let web = everything(&server).await;
    let browser = Browser::new(&server.issuer);
    let asked = "openid claudeai read https://graph.example/.default";
    let login = browser.open(&web.authorization_url(&[("scope", asked)])).await.page();
    let consent = browser.sign_in(&login, "ada").await.page();
    assert!(!consent.html.contains("claudeai"), "the user is asked only for what there is");
    let callback = Callback::from_url(&browser.allow(&consent).await.client());
    let tokens = web.redeemed(callback.code()).await;
    assert_eq!(tokens.0["scope"], "openid read");
    assert_eq!(tokens.claims("access_token")["scope"], "openid read");
    assert_eq!(by_push(&web, &browser, asked).await.0["scope"], "openid read");
    assert_eq!(by_device(&web, &browser, asked).await.0["scope"], "openid read");
}

#[tokio::test]
async fn a_request_of_which_nothing_is_left_or_which_asks_for_another_clients_scope_is_told_the_scope() {
    let server = server().await;
    let web = everything(&server).await;
    let browser = Browser::new(&server.issuer);
    browser.sign_in_and_consent(&web.authorization_url(&[]), "ada").await;
    for (asked, named) in [("claudeai", "claudeai"), ("openid write", "write"), ("write claudeai", "write")] {
        let url = browser.open(&web.authorization_url(&[("scope", asked)])).await.client();
        let callback = Callback::from_url(&url);
        assert_eq!((callback.get("error"), callback.get("code")), (Some("invalid_scope"), None), "{asked}");
        assert!(callback.get("error_description").unwrap().contains(named), "{url}");
        assert!(refused(push(&web, asked).await).await.contains(named));
        let device = web.post("/oauth/device_authorization", &[("scope", asked)]).await;
        assert!(refused(device).await.contains(named));
    }
    let long = format!("openid {}", "x".repeat(5000));
    assert!(matches!(
        browser.open(&web.authorization_url(&[("scope", &long)])).await,
        tests::support::Landed::Client(_)
    ));
    let url = browser.open(&web.authorization_url(&[("scope", &long[7..])])).await.client();
    assert!(url.as_str().len() < 1000, "a description names the beginning only: {url}");
}

#[tokio::test]
async fn unknown_scopes_stay_errors_at_the_token_endpoint_and_are_named() {
    let server = server().await;
    let web = everything(&server).await;
    let refresh = web.tokens(&Browser::new(&server.issuer), "ada", &[("scope", "openid read")]).await;
    for scope in ["read claudeai", "claudeai"] {
        for grant in [
            vec![("grant_type", "client_credentials")],
            vec![("grant_type", "password"), ("username", "ada"), ("password", PASSWORD)],
            vec![("grant_type", "refresh_token"), ("refresh_token", refresh.text("refresh_token"))],
        ] {
            let answer = web.token(&[&grant[..], &[("scope", scope)]].concat()).await;
            assert!(refused(answer).await.contains("claudeai"), "{grant:?}");
        }
    }
    web.refresh(refresh.text("refresh_token")).await.error_for_status().unwrap();
}

#[tokio::test]
async fn blanks_around_and_between_scopes_do_not_matter_anywhere() {
    let server = server().await;
    let web = everything(&server).await;
    let browser = Browser::new(&server.issuer);
    for scope in ["openid read ", " openid read", "openid  read", "   read   openid  read "] {
        let tokens = web.tokens(&browser, "ada", &[("scope", scope)]).await;
        assert_eq!(tokens.0["scope"], "openid read", "{scope:?}");
        assert_eq!(by_push(&web, &browser, scope).await.0["scope"], "openid read", "{scope:?}");
        assert_eq!(by_device(&web, &browser, scope).await.0["scope"], "openid read", "{scope:?}");
        let refresh = [("grant_type", "refresh_token"), ("refresh_token", tokens.text("refresh_token"))];
        let refreshed = web.token(&[&refresh[..], &[("scope", scope)]].concat()).await;
        assert_eq!(RelyingParty::successful(refreshed).await.0["scope"], "openid read", "{scope:?}");
        let password =
            [("grant_type", "password"), ("username", "ada"), ("password", PASSWORD), ("scope", scope)];
        let tokens = RelyingParty::successful(web.token(&password).await).await;
        assert_eq!(tokens.0["scope"], "openid read", "{scope:?}");
        let own = scope.replace("openid", "");
        let own = web.token(&[("grant_type", "client_credentials"), ("scope", &own)]).await;
        assert_eq!(RelyingParty::successful(own).await.0["scope"], "read", "{scope:?}");
    }
    // Blanks alone are no scope at all: the request gets the default.
    let blank = web.token(&[("grant_type", "client_credentials"), ("scope", "  ")]).await;
    assert_eq!(RelyingParty::successful(blank).await.0["scope"], "read");
    let tokens = web.tokens(&browser, "ada", &[("scope", " ")]).await;
    assert_eq!(tokens.0["scope"], "read");
}

#[tokio::test]
async fn a_self_registered_clients_request_is_narrowed_to_what_it_may_have() {
    let server = TestServer::with(|settings| settings.registration.mode = RegistrationMode::Open).await;
    server.user("ada").await;
    let metadata =
        json!({"redirect_uris": ["https://client.example/callback"], "scope": "  openid   email "});
    let request =
        reqwest::Client::builder().no_proxy().build().unwrap().post(server.url("/connect/register"));
    let registered = RelyingParty::successful_with(request.json(&metadata).send().await.unwrap(), 201).await;
    assert_eq!(registered.0["scope"], "email openid");
    let (id, secret) = (registered.text("client_id"), registered.text("client_secret").to_owned());
    let client =
        RelyingParty::registered(&server.issuer, id, Some(secret), "https://client.example/callback");
    let browser = Browser::new(&server.issuer);
    let advertised = "openid profile email address phone groups offline_access read write";
    let tokens = client.tokens(&browser, "ada", &[("scope", advertised)]).await;
    assert_eq!(tokens.0["scope"], "email openid");
    assert!(refused(push(&client, "read write").await).await.contains("read write"));
}

#[tokio::test]
async fn no_other_character_than_a_space_separates_scopes() {
    let server = server().await;
    let web = everything(&server).await;
    let browser = Browser::new(&server.issuer);
    web.tokens(&browser, "ada", &[]).await;
    for scope in [
        "openid\tread",
        "openid\nread",
        "read\r",
        "openid\u{a0}read",
        "openid\u{3000}read",
        "openid,\u{b}read",
    ] {
        let url = web.authorization_url(&[("scope", scope)]);
        let callback = Callback::from_url(&browser.open(&url).await.client());
        assert_eq!(callback.get("error"), Some("invalid_scope"), "{scope:?}");
        refused(push(&web, scope).await).await;
        refused(web.post("/oauth/device_authorization", &[("scope", scope)]).await).await;
        for grant in [
            vec![("grant_type", "client_credentials")],
            vec![("grant_type", "password"), ("username", "ada"), ("password", PASSWORD)],
        ] {
            refused(web.token(&[&grant[..], &[("scope", scope)]].concat()).await).await;
        }
    }
}

#[tokio::test]
async fn an_audience_is_ignored_once_or_repeated() {
    let server = server().await;
    let web = everything(&server).await;
    let audience = ("audience", "https://api.example");
    for more in [&[audience][..], &[audience, ("audience", "https://other.example")]] {
        let grant = [&[("grant_type", "client_credentials"), ("scope", "read")], more].concat();
        let tokens = RelyingParty::successful(web.token(&grant).await).await;
        assert_eq!(tokens.claims("access_token")["aud"], server.issuer, "{more:?}");
    }
}
