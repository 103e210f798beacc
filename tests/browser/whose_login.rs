//! What people see of the operator, of an account that is not theirs, and of errors.

use domain::client::ClientAuthentication;
use tests::support::{RelyingParty, TestServer};

use crate::chromium::Chromium;
use crate::{ClientApp, USERNAME};

#[tokio::test]
async fn the_pages_and_the_errors_say_whose_login_it_is_in_the_colour_of_the_operator() {
    let server = TestServer::in_real_time_with(|settings| {
        settings.branding.name = Some("Harbour Club".parse().expect("a name"));
        settings.branding.accent = Some("#1d4e89".parse().expect("a colour"));
        settings.branding.support = Some("IT desk <help@harbour.example>".parse().expect("a contact"));
    })
    .await;
    server.user(USERNAME).await;
    let client = ClientApp::start(&server, "notes").await;
    let browser = Chromium::start().await;
    browser.likes("light").await;
    browser.open(&client.registered.authorization_url(&[])).await;
    assert_eq!(browser.reads("header").await, "Harbour Club");
    assert_eq!(browser.page().title().await.expect("a title"), "Sign in - Harbour Club");
    assert_eq!(browser.reads("footer").await, "Need help? Ask IT desk.");
    let color = browser.sees("#login").await.css_value("background-color").await.expect("a colour");
    assert_eq!(color, "rgba(29, 78, 137, 1)");
    browser.open(&server.url("/oauth/authorize?client_id=nobody")).await;
    assert_eq!(browser.reads("#error").await, "This application is not known here");
    assert_eq!(browser.reads("header").await, "Harbour Club");
    browser.end().await;
}

#[tokio::test]
async fn a_person_who_finds_another_account_signed_in_goes_on_with_their_own() {
    let server = TestServer::in_real_time().await;
    server.user(USERNAME).await;
    server.user("bob").await;
    let client = ClientApp::start(&server, "notes").await;
    let browser = Chromium::start().await;
    browser.open(&client.registered.authorization_url(&[])).await;
    browser.signs_in().await;
    assert_eq!(browser.reads("#switch").await, "Not ada?");
    assert!(browser.reads("#withdraw").await.starts_with("You can withdraw this later"));
    browser.clicks("#switch").await;
    browser.signs_in_as("bob").await;
    assert_eq!(browser.reads("#switch").await, "Not bob?");
    browser.clicks("#allow").await;
    browser.sees("#arrived").await;
    let tokens = client.registered.redeemed(client.arrival().await.code()).await;
    let answer = client.registered.userinfo(tokens.text("access_token")).await.text().await.expect("a body");
    assert!(answer.contains("bob@example.com"), "{answer}");
    browser.end().await;
}

#[tokio::test]
async fn a_program_on_the_device_is_warned_about_before_the_buttons() {
    let server = TestServer::in_real_time().await;
    server.user(USERNAME).await;
    let tool = RelyingParty::register(&server, "tool", |client| {
        client.authentication = ClientAuthentication::None;
        client.redirect_uris = vec!["http://127.0.0.1/callback".parse().expect("a URI")];
    })
    .await;
    let browser = Chromium::start().await;
    browser.open(&tool.authorization_url(&[])).await;
    browser.signs_in().await;
    let warning = browser.reads("#claimable").await;
    assert_eq!(warning, "Any program on this device could claim to be The tool application.");
    let above = "return document.querySelector('#claimable').getBoundingClientRect().bottom
        < document.querySelector('#allow').getBoundingClientRect().top;";
    assert_eq!(browser.page().execute(above, Vec::new()).await.expect("an execution"), true);
    browser.end().await;
}

#[tokio::test]
async fn an_error_leads_on() {
    let server = TestServer::in_real_time().await;
    let web = RelyingParty::register(&server, "web", |client| {
        client.redirect_uris = vec!["https://web.example/callback".parse().expect("a URI")];
    })
    .await;
    let browser = Chromium::start().await;
    browser.open(&web.authorization_url(&[("redirect_uri", "https://other.example/")])).await;
    assert_eq!(browser.reads("#error").await, "The application sent a wrong request");
    assert_eq!(browser.reads("#continue").await, "Back to The web application");
    assert_eq!(browser.reads("#error-code").await, "invalid_request");
    browser.open(&server.url("/nowhere")).await;
    browser.clicks("#next").await;
    browser.sees("#login").await;
    browser.end().await;
}
