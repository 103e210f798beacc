//! The device page (RFC 8628 §3.3) with two devices at the same moment: no user decides about the
//! other user's device.

use chrono::Duration;
use domain::GrantType;
use domain::client::ClientAuthentication;
use serde_json::Value;
use tests::support::{RelyingParty, TestServer, Tokens};

use crate::USERNAME;
use crate::chromium::Chromium;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A device that has started a device authorization.
struct Device {
    client: RelyingParty,
    begun: Tokens,
}

impl Device {
    async fn begin(server: &TestServer, id: &str) -> Self {
        let client = RelyingParty::register(server, id, |client| {
            client.authentication = ClientAuthentication::None;
            client.grant_types = [GrantType::DeviceCode].into();
            client.redirect_uris.clear();
        })
        .await;
        let answer = client.post("/oauth/device_authorization", &[("scope", "openid email")]).await;
        Self { begun: RelyingParty::successful(answer).await, client }
    }

    /// Polls once, after the interval has passed. Returns tokens, or the error code.
    async fn poll(&self, server: &TestServer) -> Result<Tokens, String> {
        server.clock.advance(Duration::seconds(5));
        let code = self.begun.text("device_code");
        let answer = self.client.token(&[("grant_type", GRANT), ("device_code", code)]).await;
        let body: Value = answer.json().await.expect("JSON");
        match body["error"].as_str() {
            Some(error) => Err(error.to_owned()),
            None => Ok(Tokens(body)),
        }
    }

    /// Asserts that the page asks about this device only.
    async fn is_asked_about(&self, browser: &Chromium) {
        assert_eq!(browser.reads("#user-code").await, self.begun.text("user_code"));
        let text = browser.reads("main").await;
        assert!(text.contains(&format!("The {} application", self.client.id)), "{text}");
    }
}

#[tokio::test]
async fn two_people_each_decide_about_their_own_device() {
    let server = TestServer::start().await;
    let (ada, eve) = (server.user(USERNAME).await, server.user("eve").await);
    let (kitchen, bedroom) =
        (Device::begin(&server, "kitchen").await, Device::begin(&server, "bedroom").await);
    let (first, second) = (Chromium::start().await, Chromium::start().await);

    // One user types the code; the other follows the link that contains it.
    first.open(kitchen.begun.text("verification_uri")).await;
    second.open(bedroom.begun.text("verification_uri_complete")).await;
    first.signs_in().await;
    second.signs_in_as("eve").await;
    first.types("#user_code", &kitchen.begun.text("user_code").to_lowercase()).await;
    first.clicks("#continue").await;
    kitchen.is_asked_about(&first).await;
    bedroom.is_asked_about(&second).await;

    first.clicks("#allow").await;
    first.sees("#device-allowed").await;
    let tokens = kitchen.poll(&server).await.expect("tokens");
    assert_eq!(tokens.claims("id_token")["sub"], ada.id.to_string());
    assert_eq!(bedroom.poll(&server).await.err().as_deref(), Some("authorization_pending"));

    second.clicks("#allow").await;
    second.sees("#device-allowed").await;
    let tokens = bedroom.poll(&server).await.expect("tokens");
    assert_eq!(tokens.claims("id_token")["sub"], eve.id.to_string());
    first.end().await;
    second.end().await;
}

#[tokio::test]
async fn one_person_with_two_pages_allows_one_device_and_denies_the_other() {
    let server = TestServer::start().await;
    server.user(USERNAME).await;
    let (kitchen, bedroom) =
        (Device::begin(&server, "kitchen").await, Device::begin(&server, "bedroom").await);
    let browser = Chromium::start().await;
    let page = browser.page();
    let first = page.window().await.expect("a tab");
    browser.open(kitchen.begun.text("verification_uri_complete")).await;
    browser.signs_in().await;
    browser.sees("#allow").await;
    let second = page.new_window(true).await.expect("a new tab").handle;
    page.switch_to_window(second).await.expect("a tab");
    browser.open(bedroom.begun.text("verification_uri_complete")).await;
    bedroom.is_asked_about(&browser).await;

    // The page that was opened first is answered last.
    browser.clicks("#deny").await;
    browser.sees("#device-denied").await;
    page.switch_to_window(first).await.expect("a tab");
    kitchen.is_asked_about(&browser).await;
    browser.clicks("#allow").await;
    browser.sees("#device-allowed").await;
    assert_eq!(bedroom.poll(&server).await.err().as_deref(), Some("access_denied"));
    assert!(kitchen.poll(&server).await.is_ok());
    browser.end().await;
}
