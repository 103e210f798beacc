//! Passkeys with Chromium's virtual authenticator (Web Authentication Level 3 §11).

use serde_json::json;
use tests::support::TestServer;

use crate::USERNAME;
use crate::chromium::Chromium;

const PASSKEYS: &str = "/account/security/passkeys";

/// A server at a name, and a browser with the authenticator of a phone.
async fn start() -> (TestServer, Chromium) {
    let server = TestServer::with_a_name_in_real_time(|_| {}).await;
    server.user(USERNAME).await;
    let browser = Chromium::start().await;
    (server, browser)
}

/// Adds a passkey in the account, and signs out.
async fn register(server: &TestServer, browser: &Chromium) {
    browser.open(&server.url(PASSKEYS)).await;
    browser.signs_in().await;
    browser.clicks("#add #passkey").await;
    browser.sees("#notice").await;
    browser.sees(".passkey").await;
    sign_out(server, browser).await;
}

async fn sign_out(server: &TestServer, browser: &Chromium) {
    browser.open(&server.url("/oauth/logout")).await;
    browser.clicks("#logout").await;
    browser.sees("#logged-out").await;
}

#[tokio::test]
async fn a_passkey_is_made_and_signs_in_without_a_user_name() {
    let (server, browser) = start().await;
    let authenticator = browser.has_an_authenticator(&json!({})).await;
    register(&server, &browser).await;
    assert_eq!(browser.credentials(&authenticator).await.len(), 1);
    // The authenticator answers what the field of the user name offers, without a click: as if the person chose it there.
    browser.open(&server.url("/login")).await;
    browser.sees("#open-menu").await;
    assert!(browser.reads("body").await.contains(USERNAME));
    browser.end().await;
}

#[tokio::test]
async fn the_button_signs_in_and_a_cancelled_ceremony_is_no_error() {
    let (server, browser) = start().await;
    let authenticator = browser.has_an_authenticator(&json!({})).await;
    register(&server, &browser).await;
    browser.verifies_users(&authenticator, false).await;
    browser.open(&server.url("/login")).await;
    browser.clicks("#passkey").await;
    let said = browser.sees_text("#passkey-status").await;
    assert_eq!(said, "No passkey was used. Try again, or use your password.");
    assert!(!browser.has("#problem").await);
    browser.verifies_users(&authenticator, true).await;
    browser.clicks("#passkey").await;
    browser.sees("#open-menu").await;
    browser.end().await;
}

#[tokio::test]
async fn a_passkey_is_the_second_step_after_the_password() {
    let (server, browser) = start().await;
    let authenticator = browser.has_an_authenticator(&json!({})).await;
    register(&server, &browser).await;
    // Without it nothing is offered on the login page.
    let kept = browser.credentials(&authenticator).await;
    browser.loses_credentials(&authenticator).await;
    browser.open(&server.url("/login")).await;
    browser.signs_in().await;
    browser.sees("input[name=factor][value=passkey]").await;
    browser.clicks("#passkey").await;
    browser.sees_text("#passkey-status").await;
    browser.gets_credential(&authenticator, &kept[0]).await;
    browser.clicks("#passkey").await;
    browser.sees("#open-menu").await;
    browser.end().await;
}

#[tokio::test]
async fn two_passkeys_are_made_and_the_same_device_is_told_apart() {
    let (server, browser) = start().await;
    let authenticator = browser.has_an_authenticator(&json!({})).await;
    browser.open(&server.url(PASSKEYS)).await;
    browser.signs_in().await;
    browser.clicks("#add #passkey").await;
    browser.sees("#notice").await;
    browser.clicks("#add #passkey").await;
    assert_eq!(
        browser.sees_text("#passkey-status").await,
        "This device has a passkey for your account already."
    );
    browser.loses_authenticator(&authenticator).await;
    browser.has_an_authenticator(&json!({"transport": "usb"})).await;
    browser.clicks("#add #passkey").await;
    browser.sees("#passkey-2").await;
    assert!(browser.reads(".passkey:nth-of-type(2)").await.contains("On a security key"));
    browser.end().await;
}

#[tokio::test]
async fn a_deleted_passkey_is_told_to_the_program_that_keeps_it() {
    let (server, browser) = start().await;
    let authenticator = browser.has_an_authenticator(&json!({})).await;
    register(&server, &browser).await;
    let ada = server.users.find_by_sign_in_name(&USERNAME.parse().expect("a name")).await.expect("ada");
    server.factors.reset(&ada, domain::Actor::CommandLine).await.expect("a reset");
    browser.open(&server.url("/login")).await;
    browser.sees("#problem").await;
    assert_eq!(browser.reads("#problem").await, "This passkey is not known here. Sign in another way.");
    browser.waits_until_it_has_no_credentials(&authenticator).await;
    browser.end().await;
}

#[tokio::test]
async fn without_javascript_the_login_page_is_as_before_and_the_page_of_passkeys_says_why() {
    let server = TestServer::with_a_name_in_real_time(|_| {}).await;
    server.user(USERNAME).await;
    let browser = Chromium::without_javascript().await;
    browser.open(&server.url(PASSKEYS)).await;
    assert!(!browser.reads("body").await.contains("passkey"));
    browser.signs_in().await;
    assert!(browser.reads("#passkey-unsupported").await.contains("JavaScript"));
    assert!(!browser.reads("main").await.contains("Add a passkey"));
    browser.end().await;
}
