//! Front-channel logout (OpenID Connect Front-Channel Logout 1.0 §3).

use scraper::{Html, Selector};
use serde_json::Value;
use tests::support::{Browser, Page, RelyingParty, TestServer};
use url::Url;

async fn client(server: &TestServer, id: &str, frame: &str) -> RelyingParty {
    RelyingParty::register(server, id, |client| {
        let frame = Url::parse(frame).unwrap();
        client.redirect_uris = vec![frame.join("/callback").unwrap().as_str().parse().unwrap()];
        client.logout.front.uri = Some(frame.as_str().parse().unwrap());
    })
    .await
}

fn logout(parameters: &[(&str, &str)]) -> String {
    let url = Url::parse_with_params("http://x/oauth/logout", parameters).unwrap();
    format!("/oauth/logout?{}", url.query().unwrap_or_default())
}

/// The URLs of the page's hidden frames.
fn frames(page: &Page) -> Vec<String> {
    let document = Html::parse_document(&page.html);
    let mut frames: Vec<_> = document
        .select(&Selector::parse("iframe[hidden]").unwrap())
        .map(|frame| frame.attr("src").unwrap().to_owned())
        .collect();
    frames.sort();
    frames
}

fn told(frame: &str, server: &TestServer, id_token: &Value) -> String {
    let separator = if frame.contains('?') { '&' } else { '?' };
    let session = [("iss", server.issuer.as_str()), ("sid", id_token["sid"].as_str().unwrap())];
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(session).finish();
    format!("{frame}{separator}{query}")
}

fn policy(page: &Page) -> &str {
    page.headers["content-security-policy"].to_str().unwrap()
}

#[tokio::test]
async fn the_page_after_a_logout_frames_exactly_the_clients_of_the_session() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = client(&server, "web", "https://web.example/out?keep=1").await;
    let mail = client(&server, "mail", "https://mail.example:8443/out").await;
    let elsewhere = client(&server, "elsewhere", "https://elsewhere.example/out").await;
    let silent = RelyingParty::confidential(&server, "silent").await;
    let (here, there) = (Browser::new(&server.issuer), Browser::new(&server.issuer));
    let tokens = web.tokens(&here, "ada", &[]).await;
    mail.tokens(&here, "ada", &[]).await;
    silent.tokens(&here, "ada", &[]).await;
    elsewhere.tokens(&there, "ada", &[]).await;

    let id_token = tokens.claims("id_token");
    let page = here.open(&logout(&[("id_token_hint", tokens.text("id_token"))])).await.page();
    assert!(page.has("#logged-out") && !page.has("meta[http-equiv=refresh]"));
    let expected = ["https://mail.example:8443/out", "https://web.example/out?keep=1"]
        .map(|frame| told(frame, &server, &id_token));
    assert_eq!(frames(&page), expected);
    assert!(
        policy(&page).contains("; frame-src https://mail.example:8443 https://web.example"),
        "{}",
        policy(&page)
    );
    assert!(policy(&page).ends_with("https://web.example"));
    assert!(policy(&page).contains("frame-ancestors 'none'"));
}

#[tokio::test]
async fn the_browser_goes_on_to_the_client_after_the_frames() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = client(&server, "web", "https://web.example/out").await;
    let browser = Browser::new(&server.issuer);
    let tokens = web.tokens(&browser, "ada", &[]).await;
    let back = "https://client.example/bye?state=a%26b";
    let asked = logout(&[
        ("id_token_hint", tokens.text("id_token")),
        ("post_logout_redirect_uri", "https://client.example/bye"),
        ("state", "a&b"),
    ]);
    let page = browser.open(&asked).await.page();
    assert_eq!(frames(&page).len(), 1);
    assert_eq!(page.attribute("meta[http-equiv=refresh]", "content"), format!("2;url={back}"));
    assert_eq!(page.attribute("#continue", "href"), back);
    assert_eq!(page.text("#continue"), "Continue to The web application");
    assert!(!page.html.contains("<script"));
    // The session has ended, so the second logout needs no frames.
    assert_eq!(browser.open(&asked).await.client().as_str(), back);
}

#[tokio::test]
async fn a_confirmed_logout_frames_them_too_and_an_application_s_own_scheme_is_gone_on_to() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let app = RelyingParty::register(&server, "app", |client| {
        client.redirect_uris = vec!["https://app.example/callback".parse().unwrap()];
        client.logout.front.uri = Some("https://app.example/out".parse().unwrap());
        client.post_logout_redirect_uris = vec!["com.example.app:/bye".parse().unwrap()];
    })
    .await;
    let browser = Browser::new(&server.issuer);
    app.tokens(&browser, "ada", &[]).await;
    let asked = logout(&[("client_id", "app"), ("post_logout_redirect_uri", "com.example.app:/bye")]);
    let confirmation = browser.open(&asked).await.page();
    assert!(frames(&confirmation).is_empty() && !policy(&confirmation).contains("frame-src"));
    let page = browser.submit(&confirmation, &[]).await.page();
    assert_eq!(frames(&page).len(), 1);
    assert_eq!(page.attribute("#continue", "href"), "com.example.app:/bye");
    assert_eq!(page.attribute("meta[http-equiv=refresh]", "content"), "2;url=com.example.app:/bye");
}

#[tokio::test]
async fn a_disabled_client_is_not_framed() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = client(&server, "web", "https://web.example/out").await;
    let browser = Browser::new(&server.issuer);
    web.tokens(&browser, "ada", &[]).await;
    let id = "web".parse().unwrap();
    server.clients.set_enabled(&id, false, domain::Actor::CommandLine).await.unwrap();
    let confirmation = browser.open("/oauth/logout").await.page();
    let page = browser.submit(&confirmation, &[]).await.page();
    assert!(page.has("#logged-out") && frames(&page).is_empty());
}

#[tokio::test]
async fn a_frame_must_be_beside_a_redirect_uri() {
    let server = TestServer::start().await;
    let id = RelyingParty::confidential(&server, "web").await.id.parse().unwrap();
    let frame: domain::logout::LogoutUri = "https://other.example/out".parse().unwrap();
    let change = |client: &mut domain::Client| client.logout.front.uri = Some(frame.clone());
    let refused = server.update_client(&id, change).await.unwrap_err();
    assert!(refused.to_string().starts_with("frontchannel_logout_uri:"), "{refused}");
}
