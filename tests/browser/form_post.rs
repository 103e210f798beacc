//! `response_mode=form_post` (OAuth 2.0 Form Post Response Mode §2).

use crate::chromium::Chromium;
use crate::server_and_client;

#[tokio::test]
async fn the_form_submits_itself_under_its_own_policy() {
    let (server, client) = server_and_client().await;
    let browser = Chromium::start().await;
    let url = client.registered.authorization_url(&[("response_mode", "form_post")]);
    browser.open(&url).await;
    browser.signs_in().await;
    browser.clicks("#allow").await;
    browser.sees("#arrived").await;

    let arrival = client.arrival().await;
    assert_eq!(arrival.method, "POST");
    assert_eq!(arrival.get("iss"), Some(server.issuer.as_str()));
    assert_eq!(arrival.get("state"), Some("state-1"));
    client.registered.redeemed(arrival.code()).await;
    browser.end().await;
}

#[tokio::test]
async fn a_silent_answer_reaches_the_application_in_its_hidden_frame() {
    let (_server, client) = server_and_client().await;
    let browser = Chromium::start().await;
    browser.open(&client.registered.authorization_url(&[])).await;
    browser.signs_in().await;
    browser.clicks("#allow").await;
    client.arrival().await;
    let silent = client.registered.authorization_url(&[("response_mode", "form_post"), ("prompt", "none")]);
    browser.open(&client.framing(&silent)).await;
    let arrival = client.arrival().await;
    assert_eq!(arrival.method, "POST");
    client.registered.redeemed(arrival.code()).await;
    browser.end().await;
}
