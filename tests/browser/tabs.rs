//! Two tabs of one browser, each with its own authorization request.

use fantoccini::wd::WindowHandle;

use crate::chromium::Chromium;
use crate::client_app::{Arrival, ClientApp};
use crate::server_and_client;

/// The first tab of the browser, and a new one.
async fn two_tabs(browser: &Chromium) -> (WindowHandle, WindowHandle) {
    let page = browser.page();
    let first = page.window().await.expect("a tab");
    let second = page.new_window(true).await.expect("a new tab").handle;
    (first, second)
}

async fn look_at(browser: &Chromium, tab: &WindowHandle) {
    browser.page().switch_to_window(tab.clone()).await.expect("a tab");
}

/// Asserts that the response and the tokens of its code belong to this request.
async fn assert_answers(client: &ClientApp, arrival: &Arrival, state: &str, scope: &str) {
    assert_eq!(arrival.get("state"), Some(state));
    let tokens = client.registered.redeemed(arrival.code()).await;
    assert_eq!(tokens.claims("access_token")["scope"], scope);
    assert_eq!(tokens.claims("id_token")["nonce"], state);
    assert_eq!(tokens.claims("id_token")["aud"], client.registered.id);
}

#[tokio::test]
async fn two_tabs_that_wait_at_the_login_do_not_disturb_each_other() {
    let (server, notes) = server_and_client().await;
    let mail = ClientApp::start(&server, "mail").await;
    let browser = Chromium::start().await;
    let (first, second) = two_tabs(&browser).await;

    let fields = [("state", "first"), ("nonce", "first"), ("scope", "openid profile")];
    look_at(&browser, &first).await;
    browser.open(&notes.registered.authorization_url(&fields)).await;
    browser.sees("#login").await;
    let fields = [("state", "second"), ("nonce", "second"), ("scope", "email openid")];
    look_at(&browser, &second).await;
    browser.open(&mail.registered.authorization_url(&fields)).await;
    browser.sees("#login").await;

    look_at(&browser, &first).await;
    browser.signs_in().await;
    browser.sees("#allow").await;
    look_at(&browser, &second).await;
    browser.signs_in().await;
    browser.sees("#allow").await;
    assert!(browser.reads("h1").await.contains("The mail application"));
    look_at(&browser, &first).await;
    assert!(browser.reads("h1").await.contains("The notes application"));

    browser.clicks("#allow").await;
    assert_answers(&notes, &notes.arrival().await, "first", "openid profile").await;
    look_at(&browser, &second).await;
    browser.clicks("#allow").await;
    assert_answers(&mail, &mail.arrival().await, "second", "email openid").await;
    browser.end().await;
}

#[tokio::test]
async fn a_second_tab_is_signed_in_already_and_the_first_goes_on() {
    let (server, notes) = server_and_client().await;
    let mail = ClientApp::start(&server, "mail").await;
    let browser = Chromium::start().await;
    let (first, second) = two_tabs(&browser).await;

    let fields = [("state", "first"), ("nonce", "first"), ("scope", "openid profile")];
    look_at(&browser, &first).await;
    browser.open(&notes.registered.authorization_url(&fields)).await;
    browser.signs_in().await;
    browser.sees("#allow").await;

    let fields = [("state", "second"), ("nonce", "second"), ("scope", "email openid")];
    look_at(&browser, &second).await;
    browser.open(&mail.registered.authorization_url(&fields)).await;
    assert!(!browser.has("#login").await, "the second tab asks for the password");
    browser.clicks("#allow").await;
    assert_answers(&mail, &mail.arrival().await, "second", "email openid").await;

    look_at(&browser, &first).await;
    browser.clicks("#allow").await;
    assert_answers(&notes, &notes.arrival().await, "first", "openid profile").await;
    browser.end().await;
}
