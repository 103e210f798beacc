//! Every flow works with JavaScript switched off.

use crate::chromium::Chromium;
use crate::server_and_client;

#[tokio::test]
async fn the_whole_flow_works_without_javascript() {
    let (server, client) = server_and_client().await;
    let browser = Chromium::without_javascript().await;
    browser.open(&client.probe()).await;
    assert_eq!(browser.reads("#off").await, "off");
    assert!(!browser.has("#on").await, "JavaScript is on");

    browser.open(&client.registered.authorization_url(&[])).await;
    browser.signs_in().await;
    browser.clicks("#allow").await;
    browser.sees("#arrived").await;
    let arrival = client.arrival().await;
    client.registered.redeemed(arrival.code()).await;

    // The consent is remembered, so this request goes straight to the page with the submit button.
    let url = client.registered.authorization_url(&[("response_mode", "form_post")]);
    browser.open(&url).await;
    assert_eq!(browser.reads("noscript button").await, "Continue");
    browser.clicks("noscript button").await;
    browser.sees("#arrived").await;
    let arrival = client.arrival().await;
    assert_eq!(arrival.method, "POST");
    client.registered.redeemed(arrival.code()).await;

    browser.open(&server.url("/oauth/logout")).await;
    browser.clicks("#logout").await;
    browser.sees("#logged-out").await;
    browser.end().await;
}

#[tokio::test]
async fn the_probe_shows_javascript_where_it_is_on() {
    let (_server, client) = server_and_client().await;
    let browser = Chromium::start().await;
    browser.open(&client.probe()).await;
    assert_eq!(browser.reads("#on").await, "on");
    assert!(!browser.has("#off").await);
    browser.end().await;
}
