//! Logout with confirmation (OpenID Connect RP-Initiated Logout §2).

use crate::chromium::Chromium;
use crate::server_and_client;

#[tokio::test]
async fn a_user_signs_out_and_is_signed_out() {
    let (server, client) = server_and_client().await;
    let browser = Chromium::start().await;
    browser.open(&client.registered.authorization_url(&[])).await;
    browser.signs_in().await;
    browser.clicks("#allow").await;
    browser.sees("#arrived").await;
    client.arrival().await;

    let silent = client.registered.authorization_url(&[("prompt", "none")]);
    browser.open(&silent).await;
    assert!(client.arrival().await.get("code").is_some(), "still signed in");

    browser.open(&server.url("/oauth/logout")).await;
    assert!(browser.reads("main").await.contains(crate::USERNAME));
    browser.clicks("#logout").await;
    assert_eq!(browser.reads("#logged-out").await, "You are signed out");

    browser.open(&silent).await;
    assert_eq!(client.arrival().await.get("error"), Some("login_required"));
    browser.end().await;
}

#[tokio::test]
async fn a_user_who_changes_their_mind_stays_signed_in() {
    let (server, client) = server_and_client().await;
    let browser = Chromium::start().await;
    browser.open(&server.url("/login")).await;
    browser.signs_in().await;
    browser.sees("a[href='/oauth/logout']").await;
    assert!(browser.reads("main").await.contains("You are signed in as ada"));
    browser.clicks("a[href='/oauth/logout']").await;
    browser.clicks("a[href='/']").await;
    browser.sees("a[href='/oauth/logout']").await;
    assert!(browser.reads("main").await.contains("You are signed in as ada"));

    browser.open(&client.registered.authorization_url(&[])).await;
    browser.sees("#allow").await;
    browser.end().await;
}
