//! Whose login it is: the operator's name, logo, colour and contact on every page and error (docs/decisions/browsers-and-sessions.md).

use domain::OperatorLogo;
use reqwest::Response;
use tests::support::{Browser, PNG, Page, RelyingParty, TestServer};

async fn server() -> TestServer {
    TestServer::with(|settings| {
        let branding = &mut settings.branding;
        branding.name = Some("Harbour Club".parse().unwrap());
        branding.accent = Some("#7a1fa2".parse().unwrap());
        branding.logo = Some(OperatorLogo { png: PNG.into(), width: 1, height: 1 });
        branding.support = Some("IT desk <help@example.com>".parse().unwrap());
        branding.imprint = Some("https://example.com/imprint".to_owned());
        branding.privacy = Some("https://example.com/privacy".to_owned());
    })
    .await
}

fn assert_branded(page: &Page) {
    assert!(page.text("title").ends_with(" - Harbour Club"), "{}", page.html);
    assert_eq!(page.text("header"), "Harbour Club");
    assert!(page.text("footer").contains("Need help? Ask IT desk."), "{}", page.text("footer"));
    assert_eq!(page.attribute("footer p a", "href"), "mailto:help@example.com");
    assert!(
        page.html.contains("https://example.com/imprint")
            && page.html.contains("https://example.com/privacy")
    );
}

#[tokio::test]
async fn every_page_and_every_error_says_whose_login_it_is() {
    let server = server().await;
    let party = RelyingParty::confidential(&server, "web").await;
    let unknown = server.url("/oauth/authorize?client_id=nobody");
    for url in [
        party.authorization_url(&[]),
        unknown,
        server.url("/"),
        server.url("/docs"),
        server.url("/nowhere"),
        server.url("/errors/K7QM-2D4X"),
        server.url("/setup?token=guess"),
        server.url("/oauth/device/verify"),
        server.url("/oauth/logout"),
    ] {
        assert_branded(&Browser::new(&server.issuer).open(&url).await.page());
    }
}

async fn asset(server: &TestServer, page: &Page, css: &str, attribute: &str) -> Response {
    reqwest::get(server.url(&page.attribute(css, attribute))).await.unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers()[name].to_str().unwrap()
}

#[tokio::test]
async fn the_colour_and_the_logo_are_files_of_this_server_that_caches_keep() {
    let server = server().await;
    let page = Browser::new(&server.issuer).open(&server.url("/")).await.page();
    let css = asset(&server, &page, "link[href*=accent]", "href").await;
    assert_eq!(header(&css, "content-type"), "text/css; charset=utf-8");
    assert!(header(&css, "cache-control").contains("immutable"));
    assert!(css.text().await.unwrap().contains("--accent: #7a1fa2;"));

    let logo = asset(&server, &page, "header img", "src").await;
    assert_eq!(header(&logo, "content-type"), "image/png");
    assert!(header(&logo, "content-security-policy").contains("default-src 'none'"));
    assert_eq!(header(&logo, "x-content-type-options"), "nosniff");
    assert_eq!(logo.bytes().await.unwrap(), PNG);
}

#[tokio::test]
async fn without_branding_the_host_is_named() {
    let server = TestServer::start().await;
    let page = Browser::new(&server.issuer).open(&server.url("/")).await.page();
    assert_eq!(page.text("header"), "127.0.0.1");
    assert!(!page.has("footer") && !page.has("link[href*=accent]"));
    for path in ["/assets/accent.00000000.css", "/assets/logo.00000000.png"] {
        assert_eq!(reqwest::get(server.url(path)).await.unwrap().status(), 404, "{path}");
    }
}
