//! A resource that is deleted, and another one that is registered under its identifier: what was given for the first is
//! useless at the second.

use domain::client::{AccessTokenFormat, ClientResources};
use domain::{Actor, GrantType};
use reqwest::Response;
use serde_json::{Value, json};
use tests::support::{Browser, Callback, Landed, Page, RelyingParty, TestServer, Tokens};
use url::Url;

const API: &str = "https://api.example";
const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A server with a user, the API, and the client that the API introspects as.
async fn server() -> (TestServer, RelyingParty) {
    let server = TestServer::with(|settings| {
        settings.registration.mode = application::settings::RegistrationMode::Open;
        settings.registration.device_grant = true;
    })
    .await;
    server.user("ada").await;
    let api = RelyingParty::register(&server, "api", |client| {
        client.grant_types = [GrantType::ClientCredentials].into();
        client.redirect_uris.clear();
    })
    .await;
    register(&server).await;
    (server, api)
}

async fn register(server: &TestServer) {
    let change = |resource: &mut application::resource::servers::NewResource| {
        resource.client = Some("api".parse().unwrap());
        resource.for_registered_clients = true;
    };
    server.resource(API, change).await;
}

/// What an operator lets a client request: the API, by name or by default.
fn allowed(by_default: bool) -> ClientResources {
    let api = || API.parse().unwrap();
    ClientResources { allowed: [api()].into(), default: by_default.then(api) }
}

async fn change(server: &TestServer, client: &RelyingParty, resources: ClientResources) {
    let change = |client: &mut domain::Client| client.resources = resources.clone();
    server.update_client(&client.id.parse().unwrap(), change).await.unwrap();
}

/// Deletes the API and registers another one in its place. The clock stands still: both are made at the same moment.
async fn again(server: &TestServer) {
    server.resources.delete(&API.parse().unwrap(), Actor::CommandLine).await.unwrap();
    register(server).await;
}

async fn error(answer: Response) -> String {
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap();
    format!("{status} {}", body["error"].as_str().unwrap_or("none"))
}

/// What a client was given for the API, and what waits.
struct Given {
    browser: Browser,
    tokens: Tokens,
    code: String,
    approved: Tokens,
    opened: Tokens,
    /// The page that asks about the second device.
    device_page: Page,
    /// A consent page.
    consent_page: Page,
    /// The request that names the API, or leaves it to the default.
    fields: Vec<(&'static str, &'static str)>,
}

async fn device(client: &RelyingParty, code: &Tokens) -> Response {
    client.token(&[("grant_type", DEVICE), ("device_code", code.text("device_code"))]).await
}

/// The page about a code that the user typed: a link is not enough for a client that registered itself.
async fn typed(browser: &Browser, begun: &Tokens) -> Page {
    let page = browser.open(begun.text("verification_uri")).await.page();
    browser.submit(&page, &[("user_code", begun.text("user_code"))]).await.page()
}

async fn give(server: &TestServer, client: &RelyingParty, by_default: bool) -> Given {
    let mut fields = vec![("scope", "openid offline_access read")];
    if !by_default {
        fields.push(("resource", API));
    }
    let browser = Browser::new(&server.issuer);
    let tokens = client.tokens(&browser, "ada", &fields).await;
    let begin =
        async || RelyingParty::successful(client.post("/oauth/device_authorization", &fields).await).await;
    let (approved, opened) = (begin().await, begin().await);
    let page = typed(&browser, &approved).await;
    assert!(browser.submit(&page, &[("decision", "allow")]).await.page().has("#device-allowed"));
    let device_page = typed(&browser, &opened).await;
    assert!(device_page.has("#allow"), "{}", device_page.html);
    let asking = [&fields[..], &[("prompt", "consent")]].concat();
    let consent_page = browser.open(&client.authorization_url(&asking)).await.page();
    assert!(consent_page.has("#allow"));
    let code = client.code(&browser, "ada", &fields).await;
    Given { browser, tokens, code, approved, opened, device_page, consent_page, fields }
}

/// Pushes the request, and answers the URL that opens it.
async fn push(server: &TestServer, client: &RelyingParty, fields: &[(&str, &str)]) -> String {
    let url = Url::parse(&client.authorization_url(fields)).unwrap();
    let all: Vec<_> = url.query_pairs().into_owned().collect();
    let all: Vec<_> = all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let pushed = RelyingParty::successful_with(client.post("/oauth/par", &all).await, 201).await;
    let query = [("client_id", client.id.as_str()), ("request_uri", pushed.text("request_uri"))];
    Url::parse_with_params(&server.url("/oauth/authorize"), query).unwrap().into()
}

/// Asserts that a request for the deleted resource ends on a page of ours, or in a code that is useless.
async fn assert_useless(client: &RelyingParty, browser: &Browser, landed: Landed, what: &str) {
    let back = match landed {
        Landed::Client(back) => back,
        Landed::Page(page) if page.has("#allow") => browser.allow(&page).await.client(),
        Landed::Page(page) => {
            return assert!(page.has("#error") || page.has("#user_code"), "{what}: {}", page.html);
        }
    };
    let code = Callback::from_url(&back).code().to_owned();
    assert_eq!(error(client.redeem(&code).await).await, "400 invalid_grant", "{what}");
}

/// Asserts that nothing that was given for the deleted API is valid, and that no page that waits makes something valid.
async fn assert_all_useless(client: &RelyingParty, api: &RelyingParty, given: &Given) {
    let refresh_token = given.tokens.text("refresh_token");
    assert_eq!(error(client.refresh(refresh_token).await).await, "400 invalid_grant");
    let redeemed = error(client.redeem(&given.code).await).await;
    assert_eq!(redeemed, "400 invalid_grant");
    assert_eq!(error(device(client, &given.approved).await).await, "400 invalid_grant");
    let page = given.browser.submit(&given.device_page, &[("decision", "allow")]).await.page();
    if page.has("#device-allowed") {
        assert_eq!(error(device(client, &given.opened).await).await, "400 invalid_grant");
    }
    for caller in [client, api] {
        for token in [given.tokens.text("access_token"), refresh_token] {
            assert_eq!(caller.introspect(token).await, json!({"active": false}), "{}", caller.id);
        }
    }
    assert_eq!(client.userinfo(given.tokens.text("access_token")).await.status(), 401);
    let landed = given.browser.submit(&given.consent_page, &[("decision", "allow")]).await;
    assert_useless(client, &given.browser, landed, "consent page").await;
}

#[tokio::test]
async fn a_resource_made_again_receives_nothing_that_was_given_for_the_deleted_one() {
    let (server, api) = server().await;
    for (format, by_default) in [
        (AccessTokenFormat::Jwt, false),
        (AccessTokenFormat::Jwt, true),
        (AccessTokenFormat::Opaque, false),
        (AccessTokenFormat::Opaque, true),
    ] {
        let id = format!("web-{format:?}-{by_default}").to_lowercase();
        let web = RelyingParty::register(&server, &id, |client| {
            client.tokens.access_token_format = format;
            client.grant_types = GrantType::ALL.into();
            client.resources = allowed(by_default);
        })
        .await;
        let given = give(&server, &web, by_default).await;
        let own = [&given.fields[1..], &[("grant_type", "client_credentials"), ("scope", "read")]].concat();
        let old = RelyingParty::successful(web.token(&own).await).await;
        for token in [given.tokens.text("access_token"), old.text("access_token")] {
            assert_eq!(api.introspect(token).await["active"], true, "{id}");
        }
        let (opened, unopened) =
            (push(&server, &web, &given.fields).await, push(&server, &web, &given.fields).await);
        let other = Browser::new(&server.issuer);
        let _ = other.open(&opened).await.page();

        change(&server, &web, ClientResources::default()).await;
        again(&server).await;
        change(&server, &web, allowed(by_default)).await;
        assert_all_useless(&web, &api, &given).await;
        for caller in [&web, &api] {
            assert_eq!(caller.introspect(old.text("access_token")).await, json!({"active": false}), "{id}");
        }
        for (browser, url) in [(&given.browser, &unopened), (&given.browser, &opened)] {
            assert_useless(&web, browser, browser.open(url).await, "pushed request").await;
        }

        // What is given for the new one at the same moment is valid, and the user is asked again.
        let page = given.browser.open(&web.authorization_url(&given.fields)).await.page();
        let back = given.browser.allow(&page).await.client();
        let tokens = web.redeemed(Callback::from_url(&back).code()).await;
        let own = RelyingParty::successful(web.token(&own).await).await;
        for token in [tokens.text("access_token"), own.text("access_token")] {
            assert_eq!(api.introspect(token).await["active"], true, "{id}");
        }
        RelyingParty::successful(web.refresh(tokens.text("refresh_token")).await).await;
        change(&server, &web, ClientResources::default()).await;
    }
}

#[tokio::test]
async fn an_opened_resource_made_again_receives_nothing_either() {
    let (server, api) = server().await;
    let document = json!({
        "redirect_uris": ["https://client.example/callback"],
        "grant_types": ["authorization_code", "refresh_token", DEVICE],
        "scope": "openid offline_access",
    });
    let answer = reqwest::Client::new().post(server.url("/connect/register")).json(&document).send().await;
    let registered: Value = answer.unwrap().json().await.unwrap();
    let (id, secret) = (&registered["client_id"], &registered["client_secret"]);
    let secret = Some(secret.as_str().unwrap().to_owned());
    let (id, redirect_uri) = (id.as_str().unwrap(), "https://client.example/callback");
    let client = RelyingParty::registered(&server.issuer, id, secret, redirect_uri);
    let given = give(&server, &client, false).await;
    let pushed = push(&server, &client, &given.fields).await;
    again(&server).await;
    assert_all_useless(&client, &api, &given).await;
    assert_useless(&client, &given.browser, given.browser.open(&pushed).await, "pushed request").await;
    let page = given.browser.open(&client.authorization_url(&given.fields)).await.page();
    let back = given.browser.allow(&page).await.client();
    let tokens = client.redeemed(Callback::from_url(&back).code()).await;
    assert_eq!(api.introspect(tokens.text("access_token")).await["active"], true);
}

#[tokio::test]
async fn the_tokens_of_the_other_clients_stay_valid() {
    let (server, _) = server().await;
    let other = "https://other.example";
    server.resource(other, |_| {}).await;
    let web = RelyingParty::register(&server, "web", |client| {
        client.resources.allowed = [other.parse().unwrap()].into();
    })
    .await;
    let fields = [("scope", "openid read"), ("resource", other)];
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &fields).await;
    again(&server).await;
    assert_eq!(web.introspect(tokens.text("access_token")).await["active"], true);
    RelyingParty::successful(web.refresh(tokens.text("refresh_token")).await).await;
}
