//! "Device Authorization Grant (RFC 8628)".

use chrono::Duration;
use domain::GrantType;
use domain::client::ClientAuthentication;
use tests::support::{Browser, RelyingParty, TestServer, Tokens};

use super::{Answer, configured, curl, your_client_with};

pub(super) const START: &str = r#"curl -X POST http://localhost:8080/oauth/device_authorization \
-H "Content-Type: application/x-www-form-urlencoded" \
-d "client_id=YOUR_CLIENT_ID&scope=read""#;

pub(super) const POLL: &str = r#"curl -X POST http://localhost:8080/oauth/token \
-H "Content-Type: application/x-www-form-urlencoded" \
-d "grant_type=urn:ietf:params:oauth:grant-type:device_code" \
-d "device_code=DEVICE_CODE" \
-d "client_id=YOUR_CLIENT_ID""#;

/// The example has no secret: its client is public.
pub(super) async fn device(server: &TestServer) -> RelyingParty {
    your_client_with(server, |client| {
        client.authentication = ClientAuthentication::None;
        client.grant_types = [GrantType::DeviceCode].into();
        client.redirect_uris.clear();
    })
    .await
}

pub(super) async fn start(server: &TestServer, device: &RelyingParty) -> Tokens {
    Tokens(curl(server, START, &[("YOUR_CLIENT_ID", &device.id)]).await.json(200))
}

pub(super) async fn poll(server: &TestServer, device: &RelyingParty, begun: &Tokens) -> Answer {
    let code = begun.text("device_code");
    curl(server, POLL, &[("DEVICE_CODE", code), ("YOUR_CLIENT_ID", &device.id)]).await
}

#[tokio::test]
async fn start_a_device_flow() {
    let server = configured(&[]).await;
    let device = device(&server).await;
    let begun = start(&server, &device).await;
    let mut members: Vec<_> = begun.0.as_object().unwrap().keys().map(String::as_str).collect();
    members.sort_unstable();
    let mut promised = [
        "device_code",
        "user_code",
        "verification_uri",
        "verification_uri_complete",
        "expires_in",
        "interval",
    ];
    promised.sort_unstable();
    assert_eq!(members, promised);
    assert_eq!((&begun.0["expires_in"], &begun.0["interval"]), (&600.into(), &5.into()));
    assert_eq!(begun.text("verification_uri"), server.url("/oauth/device/verify"));
}

/// "Direct the user to verification_uri to enter user_code, or to verification_uri_complete directly."
async fn the_device_polls_for_the_token(complete: bool) {
    let server = configured(&[]).await;
    server.user("ada").await;
    let device = device(&server).await;
    let begun = start(&server, &device).await;
    // "Expect authorization_pending until the user approves".
    assert_eq!(poll(&server, &device, &begun).await.error(400), "authorization_pending");

    let browser = Browser::new(&server.issuer);
    let uri = begun.text(if complete { "verification_uri_complete" } else { "verification_uri" });
    let mut page = browser.open(uri).await.page();
    page = browser.sign_in(&page, "ada").await.page();
    if !complete {
        page = browser.submit(&page, &[("user_code", begun.text("user_code"))]).await.page();
    }
    assert_eq!(page.text("#user-code"), begun.text("user_code"));
    assert!(browser.submit(&page, &[("decision", "allow")]).await.page().has("#device-allowed"));

    // "Poll at the rate indicated by interval", "then a token response".
    server.clock.advance(Duration::seconds(5));
    let tokens = poll(&server, &device, &begun).await.tokens();
    assert_eq!(tokens.0["scope"], "read");
    server.clock.advance(Duration::seconds(5));
    assert_eq!(poll(&server, &device, &begun).await.error(400), "invalid_grant", "it redeems once");
}

#[tokio::test]
async fn the_device_polls_for_the_token_after_the_user_entered_user_code() {
    the_device_polls_for_the_token(false).await;
}

#[tokio::test]
async fn the_device_polls_for_the_token_after_the_user_went_to_verification_uri_complete() {
    the_device_polls_for_the_token(true).await;
}

#[tokio::test]
async fn whoever_polls_faster_than_interval_is_told_to_slow_down() {
    let server = configured(&[]).await;
    let device = device(&server).await;
    let begun = start(&server, &device).await;
    assert_eq!(poll(&server, &device, &begun).await.error(400), "authorization_pending");
    assert_eq!(poll(&server, &device, &begun).await.error(400), "slow_down");
}
