//! Logout with confirmation (OpenID Connect RP-Initiated Logout §2).

use tests::support::TestServer;
use url::Url;

use crate::chromium::Chromium;
use crate::client_app::ClientApp;
use crate::{USERNAME, server_and_client};

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
    assert!(browser.reads("main").await.contains(USERNAME));
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
    assert!(browser.reads(".who").await.contains("You are signed in as ada"));
    browser.clicks("a[href='/oauth/logout']").await;
    browser.clicks("a[href='/']").await;
    browser.sees("a[href='/oauth/logout']").await;
    assert!(browser.reads(".who").await.contains("You are signed in as ada"));

    browser.open(&client.registered.authorization_url(&[])).await;
    browser.sees("#allow").await;
    browser.end().await;
}

#[tokio::test]
async fn the_browser_tells_the_application_on_its_way_back_to_it() {
    let server = TestServer::in_real_time().await;
    server.user(USERNAME).await;
    let client = ClientApp::start_with_frame(&server, "notes").await;
    let browser = Chromium::start().await;
    browser.open(&client.registered.authorization_url(&[])).await;
    browser.signs_in().await;
    browser.clicks("#allow").await;
    browser.sees("#arrived").await;
    let tokens = client.registered.redeemed(client.arrival().await.code()).await;

    let back = client.registered.redirect_uri.replace("/callback", "/bye");
    let asked = [
        ("id_token_hint", tokens.text("id_token")),
        ("post_logout_redirect_uri", back.as_str()),
        ("state", "s"),
    ];
    let url = Url::parse_with_params(&server.url("/oauth/logout"), asked).unwrap();
    browser.open(url.as_str()).await;
    // The page continues without a click.
    browser.sees("#gone").await;
    assert_eq!(browser.page().current_url().await.unwrap().as_str(), format!("{back}?state=s"));
    let told = client.arrival().await;
    assert_eq!(told.method, "frame");
    assert_eq!((told.get("x"), told.get("iss")), (Some("1"), Some(server.issuer.as_str())));
    assert_eq!(told.get("sid"), tokens.claims("id_token")["sid"].as_str());
    browser.end().await;
}
