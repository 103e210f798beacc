//! Error pages speak of people: what happened, what to do, a way on. The technical words stand below.

use tests::support::{Browser, Page, RelyingParty, TestServer};

async fn shown(server: &TestServer, url: &str) -> Page {
    Browser::new(&server.issuer).open(url).await.page()
}

#[tokio::test]
async fn an_error_says_what_happened_and_what_to_do_and_keeps_the_code_for_developers() {
    let server = TestServer::start().await;
    let page = shown(&server, &server.url("/oauth/authorize?client_id=nobody")).await;
    assert_eq!(page.text("h1#error"), "This application is not known here");
    assert_eq!(page.text("title"), "This application is not known here - 127.0.0.1");
    assert!(page.text("#explanation").contains("Tell the people who run the application."));
    assert_eq!(page.text("#error-code"), "invalid_client");
    assert_eq!(page.text(".reference"), page.headers["error-reference"].to_str().unwrap());
    let (headline, code) =
        (page.html.find("id=\"error\"").unwrap(), page.html.find("invalid_client").unwrap());
    assert!(headline < code, "the words for people come first");
}

#[tokio::test]
async fn the_way_back_leads_to_the_address_that_an_operator_registered_and_to_no_other() {
    let server = TestServer::start().await;
    let web = RelyingParty::register(&server, "web", |client| {
        client.redirect_uris = vec!["https://web.example/callback".parse().unwrap()];
    })
    .await;
    let page =
        shown(&server, &web.authorization_url(&[("redirect_uri", "https://evil.example/callback")])).await;
    assert_eq!((page.status.as_u16(), page.text("#error-code").as_str()), (400, "invalid_request"));
    assert_eq!(page.text("#continue"), "Back to The web application");
    assert_eq!(page.attribute("#continue", "href"), "https://web.example/");
    assert!(!page.has("#way-back") && !page.html.contains("evil.example"), "{}", page.html);

    // A home page is better than the root of its host.
    RelyingParty::register(&server, "shop", |client| {
        client.redirect_uris = vec!["https://shop.example/callback".parse().unwrap()];
        client.details.client_uri = Some("https://shop.example/start".to_owned());
    })
    .await;
    let page =
        shown(&server, &server.url("/oauth/authorize?client_id=shop&redirect_uri=https://x.example/")).await;
    assert_eq!(page.attribute("#continue", "href"), "https://shop.example/start");

    // If the address of the application is unknown, there is only a sentence and no link.
    let app = RelyingParty::register(&server, "app", |client| {
        client.redirect_uris = vec!["com.example.app:/cb".parse().unwrap()];
    })
    .await;
    let page = shown(&server, &app.authorization_url(&[("redirect_uri", "com.example.other:/cb")])).await;
    assert!(page.has("#error") && !page.has("#continue"), "{}", page.html);
}

#[tokio::test]
async fn a_client_that_registered_itself_gets_no_way_back_that_nobody_checked() {
    let server = TestServer::with(|settings| {
        settings.registration.mode = application::settings::RegistrationMode::Open;
    })
    .await;
    let document = serde_json::json!({
        "redirect_uris": ["https://evil.example/callback"],
        "client_name": "Harbour Bank",
        "client_uri": "https://evil.example/",
    });
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = http.post(server.url("/connect/register")).json(&document).send().await.unwrap();
    let registered: serde_json::Value = answer.json().await.unwrap();
    let id = registered["client_id"].as_str().unwrap();
    let url = format!("/oauth/authorize?client_id={id}&redirect_uri=https://x.example/");
    let page = shown(&server, &server.url(&url)).await;
    assert!(page.has("#error") && !page.has("#continue"), "{}", page.html);
    assert!(!page.html.contains("evil.example") && !page.html.contains("Harbour Bank"), "{}", page.html);
}

#[tokio::test]
async fn a_page_that_cannot_be_used_leads_back_to_the_client_of_this_browser() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::register(&server, "web", |client| {
        client.redirect_uris = vec!["https://web.example/callback".parse().unwrap()];
    })
    .await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[])).await.page();
    let consent = browser.sign_in(&login, "ada").await.page();
    let (action, mut fields) = consent.form();
    fields.retain(|(name, _)| name != "form_token");
    let action = consent.resolved(&action);
    let page = browser.post(&action, &fields).await.page();
    assert_eq!(page.text("#error"), "This page has expired");
    assert_eq!(page.attribute("#continue", "href"), "https://web.example/");
    // Another browser has no part in it.
    let page = Browser::new(&server.issuer).post(&action, &fields).await.page();
    assert!(page.has("#error") && !page.has("#continue"), "{}", page.html);
}

#[tokio::test]
async fn an_error_of_this_server_itself_leads_on_to_its_own_pages() {
    let server = TestServer::below("/tenant").await;
    let page = shown(&server, &server.url("/nowhere")).await;
    assert_eq!(
        (page.status.as_u16(), page.text("#error").as_str()),
        (404, "There is nothing at this address")
    );
    assert_eq!(
        (page.text("#next").as_str(), page.attribute("#next", "href").as_str()),
        ("Go to the start page", "/tenant/")
    );
    let page = shown(&server, &server.url("/oauth/device/verify?interaction=gone")).await;
    assert!(page.has("#error"), "{}", page.html);
}
