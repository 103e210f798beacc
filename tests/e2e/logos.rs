//! The logos of clients on pages: this server fetches them, and shows its own copies (RFC 7591 §2, RFC 9700 §4.16).

use std::time::{Duration as Real, Instant};

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use domain::{Actor, AuditEvent, ClientId};
use reqwest::Response;
use tests::support::{Browser, PNG, Page, RelyingParty, TestServer};
use tokio::net::TcpListener;

const SVG: &str = r#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;

async fn server(allow_private: bool) -> TestServer {
    let server = TestServer::with(|settings| settings.outbound_allow_private = allow_private).await;
    server.user("ada").await;
    server
}

/// The site of a client: a picture, things that are none, and an address that never answers.
async fn site() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new()
        .route("/logo", get(|| async { PNG }))
        .route("/svg", get(|| async { SVG }))
        .route("/page", get(|| async { "<h1>404</h1>" }))
        .route("/large", get(|| async { [PNG, &[0; 300 * 1024]].concat() }))
        .route("/moved", get(|| async { Redirect::to("/logo") }))
        .route("/never", get(std::future::pending::<()>));
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

/// A client whose logo is at this address, also one on this machine without encryption, which no client could register.
async fn with_logo(server: &TestServer, id: &str, logo_uri: &str) -> RelyingParty {
    let party = RelyingParty::confidential(server, id).await;
    set_logo(server, id, logo_uri).await;
    party
}

async fn set_logo(server: &TestServer, id: &str, logo_uri: &str) {
    let id: ClientId = id.parse().unwrap();
    let before = server.ports.clients.find(&id).await.unwrap().unwrap();
    let after = domain::Client { logo_uri: Some(logo_uri.to_owned()), ..before.clone() };
    let event = AuditEvent::new(server.now(), Actor::CommandLine, "client.update", &id);
    assert!(server.ports.clients.amend(&before, &after, &event).await.unwrap());
}

async fn login(server: &TestServer, party: &RelyingParty) -> Page {
    Browser::new(&server.issuer).open(&party.authorization_url(&[])).await.page()
}

/// What the browser gets for the logo of the page.
async fn logo_of(server: &TestServer, page: &Page) -> Response {
    reqwest::get(server.url(&page.attribute(".mark.logo img", "src"))).await.unwrap()
}

#[tokio::test]
async fn a_page_shows_the_server_s_own_copy_and_loads_nothing_from_other_hosts() {
    let (server, site) = (server(true).await, site().await);
    let web = with_logo(&server, "web", &format!("{site}/logo")).await;
    let page = login(&server, &web).await;
    assert!(!page.html.contains(&site), "{}", page.html);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("img-src 'self' data:;"), "{policy}");

    let logo = logo_of(&server, &page).await;
    assert_eq!(logo.status(), 200);
    let header = |name: &str| logo.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "image/png");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("cache-control"), "public, max-age=86400");
    assert!(header("content-security-policy").contains("sandbox"));
    let tag = header("etag");
    let png = logo.bytes().await.unwrap();
    assert!(png.starts_with(b"\x89PNG"));
    let again = reqwest::Client::new()
        .get(server.url(&page.attribute(".mark.logo img", "src")))
        .header("if-none-match", tag)
        .send();
    assert_eq!(again.await.unwrap().status(), 304);

    // A new address of the logo has a new path, and the old path leads nowhere.
    set_logo(&server, "web", &format!("{site}/logo?2")).await;
    assert_eq!(logo_of(&server, &page).await.status(), 404);
    assert_eq!(logo_of(&server, &login(&server, &web).await).await.status(), 200);
}

#[tokio::test]
async fn what_is_no_picture_or_is_not_allowed_is_not_shown() {
    let (server, site) = (server(true).await, site().await);
    for path in ["svg", "page", "large", "moved", "missing", "logo#fragment"] {
        let id = format!("client-{}", &path[..3]);
        let web = with_logo(&server, &id, &format!("{site}/{path}")).await;
        let page = login(&server, &web).await;
        assert!(page.has("#login"));
        let logo = logo_of(&server, &page).await;
        assert_eq!(
            (logo.status().as_u16(), logo.headers()["cache-control"].to_str().unwrap()),
            (404, "no-store"),
            "{path}"
        );
        assert!(logo.bytes().await.unwrap().is_empty(), "{path}");
    }
    let strict = self::server(false).await;
    let web = with_logo(&strict, "web", &format!("{site}/logo")).await;
    assert_eq!(logo_of(&strict, &login(&strict, &web).await).await.status(), 404, "a private address");
}

#[tokio::test]
async fn only_logos_that_clients_registered_are_fetched() {
    let (server, site) = (server(true).await, site().await);
    let web = with_logo(&server, "web", &format!("{site}/logo")).await;
    with_logo(&server, "other", &format!("{site}/logo?other")).await;
    let path = login(&server, &web).await.attribute(".mark.logo img", "src");
    for wrong in [
        path.replace("/web/", "/other/"),
        path.replace("/web/", "/nobody/"),
        path.replace("/web/", "/%00/"),
        "/logos/web/x".to_owned(),
    ] {
        assert_eq!(reqwest::get(server.url(&wrong)).await.unwrap().status(), 404, "{wrong}");
    }
    server.clients.set_enabled(&"web".parse().unwrap(), false, Actor::CommandLine).await.unwrap();
    assert_eq!(reqwest::get(server.url(&path)).await.unwrap().status(), 404, "a disabled client");
}

#[tokio::test]
async fn no_page_waits_for_a_logo() {
    let (server, site) = (server(true).await, site().await);
    let slow = with_logo(&server, "slow", &format!("{site}/never")).await;
    let began = Instant::now();
    let page = login(&server, &slow).await;
    let waiting = tokio::spawn(reqwest::get(server.url(&page.attribute(".mark.logo img", "src"))));
    assert!(login(&server, &slow).await.has("#login"));
    assert!(began.elapsed() < Real::from_secs(3), "a page waited for the logo");
    assert_eq!(waiting.await.unwrap().unwrap().status(), 404);
}
