//! Devices of clients that registered themselves: who allows them, and what a link with the code is worth (RFC 8628 §5.4).

use application::client::initial_access_tokens::NewToken;
use application::settings::RegistrationMode;
use chrono::Duration;
use domain::self_registration::RegistrationLimits;
use domain::{Actor, GrantType};
use serde_json::{Value, json};
use tests::support::{RelyingParty, TestServer, Tokens};

use super::{GRANT, begin, decide, enter, page_for, polled, signed_in, television, tokens};

async fn server(device_grant: bool) -> TestServer {
    let server = TestServer::with(|settings| {
        settings.registration.mode = RegistrationMode::Open;
        settings.registration.device_grant = device_grant;
    })
    .await;
    server.user("ada").await;
    server
}

async fn register(server: &TestServer, token: Option<&str>, document: &Value) -> Value {
    let request = reqwest::Client::new().post(server.url("/connect/register")).json(document);
    let request = if let Some(token) = token { request.bearer_auth(token) } else { request };
    request.send().await.unwrap().json().await.unwrap()
}

fn device() -> Value {
    json!({"grant_types": [GRANT], "token_endpoint_auth_method": "none"})
}

fn party(server: &TestServer, registered: &Value) -> RelyingParty {
    let id = registered["client_id"].as_str().unwrap_or_else(|| panic!("{registered}"));
    RelyingParty::registered(&server.issuer, id, None, "")
}

/// A device of a client that registered itself, on a server that allows it.
async fn begun(server: &TestServer) -> (RelyingParty, Tokens) {
    let own = party(server, &register(server, None, &device()).await);
    let begun = begin(&own, "openid").await;
    (own, begun)
}

/// It may register any host: no answer reaches one here, so nothing proves it.
#[tokio::test]
async fn its_page_names_no_host() {
    let server = server(true).await;
    let mut document = device();
    document["grant_types"] = json!(["authorization_code", GRANT]);
    document["redirect_uris"] = json!(["https://bank.example/cb"]);
    let own = party(&server, &register(&server, None, &document).await);
    let begun = begin(&own, "openid").await;
    let browser = signed_in(&server, "ada").await;
    let page = page_for(&browser, &begun).await;
    let page = enter(&browser, &page, begun.text("user_code")).await;
    assert!(page.has("#allow") && page.has("#unverified") && !page.has(".host"), "{}", page.html);
    assert!(!page.html.contains("bank.example"), "{}", page.html);
}

#[tokio::test]
async fn it_gets_the_device_grant_only_where_the_operator_allows_it() {
    let server = server(false).await;
    let refused = register(&server, None, &device()).await;
    assert_eq!(refused["error"], "invalid_client_metadata", "{refused}");
    // Beside another grant, this one is left out (RFC 7591 §3.2.1), and an update gives no more.
    let mut both = device();
    both["grant_types"] = json!(["authorization_code", GRANT]);
    both["redirect_uris"] = json!(["https://own.example/cb"]);
    let registered = register(&server, None, &both).await;
    assert_eq!(registered["grant_types"], json!(["authorization_code"]), "{registered}");
    let uri = registered["registration_client_uri"].as_str().unwrap();
    let token = registered["registration_access_token"].as_str().unwrap();
    let updated = reqwest::Client::new().put(uri).bearer_auth(token).json(&both).send().await.unwrap();
    let updated: Value = updated.json().await.unwrap();
    assert_eq!(updated["grant_types"], json!(["authorization_code"]), "{updated}");
    let own = party(&server, &registered);
    let answer = own.post("/oauth/device_authorization", &[("scope", "openid")]).await;
    assert_eq!(answer.json::<Value>().await.unwrap()["error"], "unauthorized_client");

    // An initial access token allows it to single clients.
    let limits =
        RegistrationLimits { grant_types: [GrantType::DeviceCode].into(), ..RegistrationLimits::default() };
    let new = NewToken { uses: 1, lifetime: Duration::hours(1), limits };
    let (_, token) = server.registration_tokens.create(new, Actor::CommandLine).await.unwrap();
    let registered = register(&server, Some(token.expose()), &device()).await;
    assert_eq!(registered["grant_types"], json!([GRANT]), "{registered}");

    let server = self::server(true).await;
    begun(&server).await;
}

#[tokio::test]
async fn a_link_with_the_code_is_not_enough_for_it() {
    let server = server(true).await;
    let (own, begun) = begun(&server).await;
    let ada = signed_in(&server, "ada").await;
    let page = page_for(&ada, &begun).await;
    assert_eq!(page.status, 200);
    assert!(page.has("#must-type") && page.has("#user_code"), "{}", page.html);
    assert!(!page.has("#allow") && !page.has("#problem"), "{}", page.html);
    assert!(!page.html.contains(begun.text("user_code")), "it is not filled in: {}", page.html);
    // The approval form has no effect if the user has not typed the code.
    for decision in ["allow", "deny"] {
        assert!(decide(&ada, &page, decision).await.has("#must-type"), "{decision}");
    }
    assert_eq!(polled(&own, &begun).await, "authorization_pending");
    let asked = enter(&ada, &page, begun.text("user_code")).await;
    assert!(asked.has("#allow") && asked.has("#unverified"), "{}", asked.html);
    assert!(decide(&ada, &asked, "allow").await.has("#device-allowed"));
    server.clock.advance(Duration::seconds(5));
    tokens(&own, &begun).await;
}

#[tokio::test]
async fn a_link_is_enough_for_a_client_that_an_operator_vouches_for() {
    let server = server(true).await;
    let ada = signed_in(&server, "ada").await;
    let begun_by_operated = begin(&television(&server, "tv").await, "openid").await;
    let asked = page_for(&ada, &begun_by_operated).await;
    assert!(asked.has("#allow") && !asked.has("#unverified"), "{}", asked.html);
    let (own, begun) = begun(&server).await;
    assert!(!page_for(&ada, &begun).await.has("#allow"));
    let id = own.id.parse().unwrap();
    server.update_client(&id, |client| client.first_party = true).await.unwrap();
    assert!(page_for(&ada, &begun).await.has("#allow"));
}
