//! What a person does on the pages of their account, on a phone and without JavaScript.

use serde_json::json;
use tests::support::TestServer;

use crate::USERNAME;
use crate::chromium::Chromium;

async fn signed_in(server: &TestServer, browser: &Chromium) {
    browser.open(&server.url("/")).await;
    browser.signs_in().await;
    browser.sees(".who").await;
}

async fn phone_size(browser: &Chromium) {
    let metrics = json!({"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": false});
    browser.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
}

#[tokio::test]
async fn another_device_is_signed_out_on_a_phone_without_javascript() {
    let server = TestServer::in_real_time().await;
    server.user(USERNAME).await;
    let (browser, other) = (Chromium::without_javascript().await, Chromium::start().await);
    for browser in [&browser, &other] {
        signed_in(&server, browser).await;
    }
    phone_size(&browser).await;
    // The menu opens without a script.
    browser.clicks("#open-menu").await;
    browser.clicks("#menu a[href='/account/devices']").await;
    assert_eq!(browser.reads(".device .badge").await, "This device");
    assert!(browser.reads(".device h2").await.contains("Chrome on Linux"));
    browser.clicks(".device form button").await;
    assert_eq!(browser.reads("#notice").await, "Signed out on that device.");
    assert!(!browser.has(".device form").await && !browser.has("#elsewhere").await);
    other.open(&server.url("/account")).await;
    other.sees("#login").await;
    browser.end().await;
    other.end().await;
}

#[tokio::test]
async fn the_password_is_changed_without_javascript() {
    let server = TestServer::in_real_time().await;
    server.user(USERNAME).await;
    let browser = Chromium::without_javascript().await;
    signed_in(&server, &browser).await;
    browser.open(&server.url("/account/security")).await;
    browser.clicks("#password-change").await;
    browser.types("#password", "short").await;
    browser.types("#password_again", "short").await;
    browser.clicks("#change-password").await;
    assert!(browser.reads("#problem").await.contains("at least 8 characters"));
    let new = "plum radio forty one";
    browser.types("#password", new).await;
    browser.types("#password_again", new).await;
    browser.clicks("#change-password").await;
    assert_eq!(browser.reads("#notice").await, "Your password is changed.");
    browser.open(&server.url("/oauth/logout")).await;
    browser.clicks("#logout").await;
    browser.open(&server.url("/login")).await;
    browser.signs_in_with(new).await;
    browser.sees(".who").await;
    browser.end().await;
}
