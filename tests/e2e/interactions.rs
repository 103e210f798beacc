//! Each interaction belongs to one browser and one request.

use std::sync::Arc;

use application::port::{Finished, Interactions, IssuedCode, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::Digest;
use domain::interaction::Ending;
use tests::support::{Browser, Callback, PASSWORD, Page, RelyingParty, TestServer};

#[tokio::test]
async fn two_tabs_do_not_disturb_each_other() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let shop = RelyingParty::confidential(&server, "shop").await;
    let browser = Browser::new(&server.issuer);

    let first = browser.open(&web.authorization_url(&[("state", "first")])).await.page();
    let second = browser.open(&shop.authorization_url(&[("state", "second")])).await.page();
    let first = browser.sign_in(&first, "ada").await.page();
    let second = browser.sign_in(&second, "ada").await.page();
    assert!(first.text("body").contains("The web application"));
    assert!(second.text("body").contains("The shop application"));
    let second = Callback::from_url(&browser.allow(&second).await.client());
    let first = Callback::from_url(&browser.allow(&first).await.client());
    assert_eq!((first.get("state"), second.get("state")), (Some("first"), Some("second")));
    web.redeemed(first.code()).await;
    shop.redeemed(second.code()).await;
}

#[tokio::test]
async fn a_link_that_leaks_is_worth_nothing_in_another_browser() {
    let server = TestServer::start().await;
    server.user("ada").await;
    server.user("eve").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let (ada, eve) = (Browser::new(&server.issuer), Browser::new(&server.issuer));
    let login = ada.open(&web.authorization_url(&[])).await.page();
    assert!(eve.open(&login.url).await.page().has("#error"));
    // Not even with a cookie of her own, from her own request.
    assert!(eve.open(&web.authorization_url(&[])).await.page().has("#login"));
    assert!(eve.open(&login.url).await.page().has("#error"));
    assert!(eve.sign_in(&login, "eve").await.page().has("#error"));
    assert!(ada.sign_in(&login, "ada").await.page().has("#allow"));
}

/// Fails whenever something is to be kept.
struct NoPlace;

#[async_trait]
impl Interactions for NoPlace {
    async fn find_ending(&self, _: Digest, _: DateTime<Utc>) -> Result<Option<Ending>, Unavailable> {
        Ok(None)
    }

    async fn finish(&self, _: Digest, _: &Ending, _: Option<&IssuedCode>) -> Result<Finished, Unavailable> {
        Err(Unavailable { component: "interactions", reason: "no place".to_owned() })
    }
}

#[tokio::test]
async fn no_store_keeps_anything_for_a_stranger() {
    let server = TestServer::with_ports(|ports| ports.stores.interactions = Arc::new(NoPlace)).await;
    let web = RelyingParty::confidential(&server, "web").await;
    for fields in [&[][..], &[("response_type", "token")], &[("prompt", "login")]] {
        let browser = Browser::new(&server.issuer);
        let login = browser.open(&web.authorization_url(fields)).await.page();
        let wrong = [("username", "ada"), ("password", "wrong")];
        assert!(browser.submit(&login, &wrong).await.page().has("#login"), "{fields:?}");
        let cancelled = browser.submit(&login, &[("decision", "cancel")]).await.client();
        assert!(cancelled.as_str().contains("access_denied"), "{fields:?} {cancelled}");
    }
    for path in ["/login", "/oauth/device/verify", "/oauth/device/verify?user_code=BCDF-GHJK"] {
        assert!(Browser::new(&server.issuer).open(path).await.page().has("#login"), "{path}");
    }
    assert_eq!(Browser::new(&server.issuer).open("/oauth/logout").await.page().status, 200);
}

#[tokio::test]
async fn a_user_can_sign_out_when_the_store_has_no_room_to_remember_it() {
    let server = TestServer::with_ports(|ports| ports.stores.interactions = Arc::new(NoPlace)).await;
    server.user("ada").await;
    let browser = Browser::new(&server.issuer);
    // The login itself succeeds, although its answer finds no room either.
    let signed_in = browser.sign_in(&browser.open("/login").await.page(), "ada").await.page();
    assert!(browser.open("/").await.page().text("body").contains("ada"), "{}", signed_in.html);
    let confirmation = browser.open("/oauth/logout").await.page();
    let signed_out = browser.submit(&confirmation, &[]).await.page();
    assert_eq!(signed_out.status, 200, "{}", signed_out.html);
    assert!(!browser.open("/").await.page().text("main").contains("ada"));
}

#[tokio::test]
async fn what_was_sealed_for_something_else_or_changed_on_the_way_is_no_interaction() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[])).await.page();
    let (_, token) = login.url.split_once("interaction=").unwrap();
    let middle = token.len() / 2;
    let other = if &token[middle..=middle] == "A" { "B" } else { "A" };
    let changed = format!("{}{other}{}", &token[..middle], &token[middle + 1..]);
    for bad in [&changed, &token[1..], &token[..middle], "", "AAAA", &"A".repeat(20_000)] {
        let page = browser.open(&format!("/login?interaction={bad}")).await.page();
        assert!(!page.text("body").contains("The web application"), "{bad}");
    }
    assert!(browser.open(&format!("/oauth/authorize?posted={token}")).await.page().has("[role=alert]"));
}

/// Asserts that this is a login page which says that the previous interaction has ended, and that
/// signing in there works.
async fn a_fresh_login_page(browser: &Browser, page: &Page) {
    assert_eq!((page.status.as_u16(), page.has("#login")), (200, true), "{}", page.html);
    assert!(page.text("[role=alert]").contains("expired"), "{}", page.html);
    assert!(!page.text("body").contains("The web application"), "nothing is known of the application");
    let home = browser.sign_in(page, "ada").await.page();
    assert!(home.text("body").contains("signed in as ada"), "{}", home.html);
}

#[tokio::test]
async fn a_login_page_that_was_open_for_too_long_ends_in_a_fresh_one() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[])).await.page();
    server.clock.advance(Duration::minutes(30));
    // Posted, or only opened again.
    let posted = browser.sign_in(&login, "ada").await.page();
    a_fresh_login_page(&browser, &posted).await;
    let looked_at = browser.open(&login.url).await.page();
    assert!(looked_at.has("#signed-in"), "{}", looked_at.html);
    // The application has to start again; the signed-in user is not asked to sign in.
    let consent = browser.open(&web.authorization_url(&[])).await.page();
    web.redeemed(Callback::from_url(&browser.allow(&consent).await.client()).code()).await;
}

#[tokio::test]
async fn a_consent_page_that_was_open_for_too_long_says_so() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[("ui_locales", "de")])).await.page();
    let consent = browser.sign_in(&login, "ada").await.page();
    server.clock.advance(Duration::minutes(30));
    let posted = browser.allow(&consent).await.page();
    assert_eq!((posted.status.as_u16(), posted.attribute("html", "lang")), (200, "de".to_owned()));
    assert!(posted.has("#signed-in") && posted.text("main").contains("abgelaufen"), "{}", posted.html);
    let looked_at = browser.open(&consent.url).await.page();
    assert!(looked_at.text("main").contains("expired"), "{}", looked_at.html);
}

#[tokio::test]
async fn a_posted_request_that_is_lost_ends_in_a_fresh_login_page() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let browser = Browser::new(&server.issuer);
    let page = browser.open("/oauth/authorize?posted=lost").await.page();
    a_fresh_login_page(&browser, &page).await;
}

#[tokio::test]
async fn a_fresh_login_page_is_the_answer_to_nobody_else_s_form() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[])).await.page();
    server.clock.advance(Duration::minutes(30));
    let (action, mut fields) = login.form();
    fields.extend([("username", "ada"), ("password", PASSWORD)].map(|(k, v)| (k.to_owned(), v.to_owned())));
    // A form posted from another site, or shown to another browser, is still an error.
    let request = browser.http().post(server.url(&action)).header("sec-fetch-site", "cross-site");
    assert_eq!(request.form(&fields).send().await.unwrap().status(), 400);
    assert!(Browser::new(&server.issuer).post(&action, &fields).await.page().has("#error"));
}

#[tokio::test]
async fn a_consent_page_without_a_session_leads_to_the_login() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[])).await.page();
    let consent = login.url.replace("/login?", "/consent?");
    assert!(browser.open(&consent).await.page().has("#login"));
}

#[tokio::test]
async fn pages_are_neither_cached_nor_framed_and_run_no_script() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[])).await.page();
    let consent = browser.sign_in(&login, "ada").await.page();
    let logout = browser.open("/oauth/logout").await.page();
    for page in [login, consent, logout] {
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'self'"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("script-src"), "{policy}");
        assert!(!policy.contains("form-action"));
        assert_eq!(page.headers["cache-control"], "no-store");
        assert_eq!(page.headers["referrer-policy"], "same-origin");
        assert_eq!(page.headers["x-content-type-options"], "nosniff");
        assert_eq!(page.headers["x-frame-options"], "DENY");
        assert!(!page.has("script"));
    }
}
