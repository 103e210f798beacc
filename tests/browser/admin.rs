//! What an administrator does in a browser, on a phone and without JavaScript.

use domain::{Actor, User};
use serde_json::json;
use tests::support::{PASSWORD, TestServer};

use crate::USERNAME;
use crate::chromium::Chromium;

/// Makes the user who signs in an administrator.
pub(crate) async fn administrator(server: &TestServer) {
    let user = server.user(USERNAME).await;
    let promote = |user: &mut User| {
        user.administrator = true;
        Ok(())
    };
    server.users.update(user.id, promote, Actor::CommandLine).await.expect("an administrator");
}

async fn phone_without_javascript(server: &TestServer) -> Chromium {
    let browser = Chromium::without_javascript().await;
    browser.open(&server.url("/admin")).await;
    browser.signs_in().await;
    let metrics = json!({"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": false});
    browser.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    browser
}

#[tokio::test]
async fn an_application_is_made_edited_and_deleted_on_a_phone_without_javascript() {
    let server = TestServer::in_real_time().await;
    administrator(&server).await;
    let browser = phone_without_javascript(&server).await;
    browser.clicks("#first-app").await;
    browser.clicks("#admin-kind-web").await;
    browser.types("#client_name", "Wiki").await;
    browser.types("#redirect_uris", "http://wiki.example/cb").await;
    browser.clicks("#create").await;
    assert!(browser.reads("#redirect_uris-problem").await.contains("http://wiki.example/cb"));
    browser.types("#redirect_uris", "https://wiki.example/cb").await;
    browser.clicks("#create").await;
    assert!(browser.reads("#secret").await.len() > 40);
    browser.clicks("#go-on").await;
    browser.types("#client_uri", "https://wiki.example/").await;
    browser.clicks("#save").await;
    assert_eq!(browser.reads("#notice").await, "Saved.");
    // The menu opens, and the whole card leads to the application.
    browser.clicks("#open-menu").await;
    browser.clicks("#menu a[href='/admin/apps']").await;
    browser.clicks("tbody tr").await;
    assert_eq!(browser.reads("h1").await, "Wiki");
    browser.clicks(".tabs li:last-child a").await;
    browser.clicks("#delete").await;
    browser.types("#confirm", "Wiki").await;
    browser.clicks("#delete").await;
    assert_eq!(browser.reads("#notice").await, "Wiki is deleted.");
    browser.end().await;
}

#[tokio::test]
async fn a_person_is_invited_and_disabled_on_a_phone_without_javascript() {
    let server = TestServer::in_real_time().await;
    administrator(&server).await;
    let browser = phone_without_javascript(&server).await;
    browser.clicks("#first-person").await;
    browser.types("#username", "grace").await;
    browser.types("#name", "Grace Hopper").await;
    browser.clicks("#invite").await;
    let link = browser.reads("#link").await;
    let grace = Chromium::start().await;
    grace.open(&link).await;
    grace.types("#password", PASSWORD).await;
    grace.types("#password_again", PASSWORD).await;
    grace.clicks("#accept").await;
    grace.sees("#link-done").await;
    grace.end().await;
    browser.open(&server.url("/admin/people")).await;
    browser.types("#q", "gra").await;
    browser.clicks("#search").await;
    assert!(browser.reads("tbody").await.contains("Active"));
    browser.clicks("tbody tr").await;
    browser.clicks(".tabs li:last-child a").await;
    browser.clicks("#disable").await;
    browser.clicks("#disable").await;
    assert_eq!(browser.reads("#notice").await, "Grace Hopper is disabled.");
    browser.end().await;
}
