//! The default audience of a client is requested like a resource that the request names.

use application::resource::servers::ResourceChange;
use domain::Actor;
use domain::client::ClientResources;
use serde_json::{Value, json};
use tests::support::{Browser, Callback, Landed, RelyingParty, TestServer};

use super::{
    API, FILES, assert_refused, audience, client, naming, refresh, refreshed, request, resources, server,
};

const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

async fn change(server: &TestServer, client: &RelyingParty, resources: ClientResources) {
    let change = |client: &mut domain::Client| client.resources = resources.clone();
    server.update_client(&client.id.parse().unwrap(), change).await.unwrap();
}

/// An operator lets the resource have only this scope from now on.
async fn declare(server: &TestServer, resource: &str, scope: &str) {
    let change = ResourceChange { scope: Some(scope.parse().unwrap()), ..ResourceChange::default() };
    server.resources.update(&resource.parse().unwrap(), &change, Actor::CommandLine).await.unwrap();
}

#[tokio::test]
async fn what_was_granted_for_one_default_never_becomes_a_token_for_another() {
    let server = server().await;
    for (before, after, expected) in [
        (Some(API), Some(FILES), json!(API)),
        (Some(API), None, json!(API)),
        (None, Some(FILES), json!(server.issuer)),
    ] {
        let web = client(&server, &format!("web-{}-{}", before.is_some(), after.is_some()), before).await;
        let browser = Browser::new(&server.issuer);
        let waiting = browser.sign_in_and_consent(&request(&web, "read", &[]), "ada").await;
        let landed = browser.open(&request(&web, "read", &[])).await.client();
        let tokens = web.redeemed(Callback::from_url(&landed).code()).await;
        change(&server, &web, resources(after)).await;
        let renewed = refreshed(&web, tokens.text("refresh_token"), &[]).await;
        assert_eq!(audience(&renewed), expected, "{before:?} {after:?}: refreshed");
        let redeemed = web.redeemed(Callback::from_url(&waiting).code()).await;
        assert_eq!(audience(&redeemed), expected, "{before:?} {after:?}: redeemed");
        let widened = refresh(&web, redeemed.text("refresh_token"), &[FILES]).await;
        assert_refused(widened, "invalid_target", "the new default").await;
        // The user has not seen the new default.
        let page = browser.open(&request(&web, "read", &[])).await;
        assert!(
            matches!(page, Landed::Page(_)),
            "{before:?} {after:?}: the consent counts for another audience"
        );
    }
}

#[tokio::test]
async fn a_client_that_registered_itself_has_the_scopes_of_the_default_that_an_operator_gave_it() {
    let server = TestServer::with(|settings| {
        settings.registration.mode = application::settings::RegistrationMode::Open;
        settings.registration.device_grant = true;
    })
    .await;
    server.user("ada").await;
    server
        .resource(API, |resource| {
            resource.scope = "read".parse().unwrap();
            resource.for_registered_clients = true;
        })
        .await;
    let document = json!({
        "redirect_uris": ["https://client.example/callback"],
        "grant_types": ["authorization_code", "refresh_token", DEVICE],
        "scope": "openid",
    });
    let answer = reqwest::Client::new().post(server.url("/connect/register")).json(&document).send().await;
    let registered: Value = answer.unwrap().json().await.unwrap();
    let (id, secret) = (registered["client_id"].as_str().unwrap(), registered["client_secret"].as_str());
    let secret = secret.map(str::to_owned);
    let web = RelyingParty::registered(&server.issuer, id, secret, "https://client.example/callback");
    let by_default =
        ClientResources { allowed: [API.parse().unwrap()].into(), default: Some(API.parse().unwrap()) };
    change(&server, &web, by_default).await;
    let browser = Browser::new(&server.issuer);
    let back = browser.sign_in_and_consent(&request(&web, "openid read", &[]), "ada").await;
    let tokens = web.redeemed(Callback::from_url(&back).code()).await;
    let renewed = refreshed(&web, tokens.text("refresh_token"), &[]).await;
    let begun = web.post("/oauth/device_authorization", &[("scope", "openid read")]).await;
    let begun = RelyingParty::successful(begun).await;
    let page = browser.open(begun.text("verification_uri")).await.page();
    let page = browser.submit(&page, &[("user_code", begun.text("user_code"))]).await.page();
    assert!(page.text("#resources").contains(API), "{}", page.html);
    browser.submit(&page, &[("decision", "allow")]).await;
    let poll = [("grant_type", DEVICE), ("device_code", begun.text("device_code"))];
    let on_device = RelyingParty::successful(web.token(&poll).await).await;
    for tokens in [tokens, renewed, on_device] {
        assert_eq!(audience(&tokens), json!([server.issuer, API]));
        assert_eq!(tokens.claims("access_token")["scope"], "openid read");
    }
}

#[tokio::test]
async fn a_scope_that_the_resources_no_longer_have_is_refused_before_anything_is_consumed() {
    let server = server().await;
    for (id, default, named) in [("named", None, &[API][..]), ("default", Some(API), &[])] {
        let web = client(&server, id, default).await;
        let browser = Browser::new(&server.issuer);
        let waiting = browser.sign_in_and_consent(&request(&web, "read", named), "ada").await;
        let landed = browser.open(&request(&web, "read", named)).await.client();
        let tokens = web.redeemed(Callback::from_url(&landed).code()).await;
        let begun = web.post("/oauth/device_authorization", &naming(&[("scope", "read")], named)).await;
        let begun = RelyingParty::successful(begun).await;
        let page = browser.open(begun.text("verification_uri_complete")).await.page();
        browser.submit(&page, &[("decision", "allow")]).await;
        let poll = [("grant_type", DEVICE), ("device_code", begun.text("device_code"))];

        declare(&server, API, "write").await;
        let code = Callback::from_url(&waiting).code().to_owned();
        for answer in [
            web.redeem(&code).await,
            refresh(&web, tokens.text("refresh_token"), &[]).await,
            web.token(&poll).await,
        ] {
            assert_refused(answer, "invalid_scope", id).await;
        }
        declare(&server, API, "read write").await;
        web.redeemed(&code).await;
        refreshed(&web, tokens.text("refresh_token"), &[]).await;
        server.clock.advance(chrono::Duration::seconds(30));
        RelyingParty::successful(web.token(&poll).await).await;
    }
}
