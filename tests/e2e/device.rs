//! The device authorization grant: a television, a user with a phone, and attackers (RFC 8628).

mod attacks;
mod bad_requests;
mod flow;
mod lifetimes;
mod registered_itself;

use domain::GrantType;
use domain::client::ClientAuthentication;
use reqwest::Response;
use serde_json::Value;
use tests::support::{Browser, Landed, Page, RelyingParty, TestServer, Tokens};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A public client on a device: no secret, no redirect URI.
pub(super) async fn television(server: &TestServer, id: &str) -> RelyingParty {
    RelyingParty::register(server, id, |client| {
        client.authentication = ClientAuthentication::None;
        client.grant_types = [GrantType::DeviceCode, GrantType::RefreshToken].into();
        client.redirect_uris.clear();
    })
    .await
}

/// A confidential client on a device.
async fn printer(server: &TestServer, id: &str) -> RelyingParty {
    RelyingParty::register(server, id, |client| {
        client.grant_types = [GrantType::DeviceCode].into();
        client.redirect_uris.clear();
    })
    .await
}

/// Starts a device authorization.
pub(super) async fn begin(device: &RelyingParty, scope: &str) -> Tokens {
    RelyingParty::successful(device.post("/oauth/device_authorization", &[("scope", scope)]).await).await
}

/// Polls once.
async fn poll(device: &RelyingParty, begun: &Tokens) -> Response {
    device.token(&[("grant_type", GRANT), ("device_code", begun.text("device_code"))]).await
}

/// Polls once, and asserts that it gets tokens.
pub(super) async fn tokens(device: &RelyingParty, begun: &Tokens) -> Tokens {
    RelyingParty::successful(poll(device, begun).await).await
}

/// The status and the `error` of a response.
async fn error(answer: Response) -> (u16, String) {
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap();
    (status, body["error"].as_str().unwrap_or_default().to_owned())
}

/// The error of a poll, which is always 400 (RFC 8628 §3.5).
pub(super) async fn polled(device: &RelyingParty, begun: &Tokens) -> String {
    let (status, code) = error(poll(device, begun).await).await;
    assert_eq!(status, 400, "{code}");
    code
}

/// A browser in which a user is signed in.
pub(super) async fn signed_in(server: &TestServer, username: &str) -> Browser {
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    browser.sign_in(&login, username).await;
    browser
}

/// The page about the code, in a browser in which a user is signed in.
pub(super) async fn page_for(browser: &Browser, begun: &Tokens) -> Page {
    browser.open(begun.text("verification_uri_complete")).await.page()
}

async fn decide(browser: &Browser, page: &Page, decision: &str) -> Page {
    browser.submit(page, &[("decision", decision)]).await.page()
}

/// Submits a user code on the page.
async fn enter(browser: &Browser, page: &Page, code: &str) -> Page {
    match browser.submit(page, &[("user_code", code)]).await {
        Landed::Page(page) => page,
        Landed::Client(url) => panic!("a device has no redirect URI, but the browser went to {url}"),
    }
}

/// Approves the device authorization.
pub(super) async fn approve(browser: &Browser, begun: &Tokens) {
    let page = page_for(browser, begun).await;
    assert!(decide(browser, &page, "allow").await.has("#device-allowed"));
}
