//! What no person can do on the pages of the account: use what belongs to another person or browser.

use domain::AccountPage;
use reqwest::StatusCode;
use reqwest::header::{COOKIE, ORIGIN};
use tests::support::{Browser, RelyingParty, TestServer};

use super::{other_session, post, signed_in, world};

/// Every form of the account, and the field that names what it changes.
const FORMS: [(&str, &str, &str); 9] = [
    ("/account/devices", "session", "others"),
    ("/account/connections", "client", "web"),
    ("/account/profile", "name", "Mallory"),
    ("/account/profile/email", "email", "mallory@example.com"),
    ("/account/security/passkeys", "decision", "remove"),
    ("/account/security/password", "password", "plum radio forty one"),
    ("/account/security/app", "decision", "turn_off"),
    ("/account/security/codes", "decision", "make"),
    ("/account/data/delete", "confirm", "ada"),
];

/// A server on which ada is signed in twice and has allowed something to an application, and her first browser.
async fn ada_with_something_to_lose() -> (TestServer, Browser, Browser) {
    let server = TestServer::with(|settings| settings.account_deletion = true).await;
    server.user("ada").await;
    let browser = signed_in(&server, "ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    web.tokens(&browser, "ada", &[]).await;
    let phone = signed_in(&server, "ada").await;
    server.user("eve").await;
    (server, browser, phone)
}

/// Whether ada has everything that she had.
async fn nothing_changed(browser: &Browser, phone: &Browser) -> bool {
    let is_in =
        async |browser: &Browser| browser.open("/account").await.page().text("body").contains("as ada.");
    let connections = browser.open("/account/connections").await.page();
    let profile = browser.open("/account/profile").await.page();
    let is_same = profile.attribute("#name", "value") != "Mallory";
    is_in(browser).await && is_in(phone).await && connections.has(".connection") && is_same
}

#[tokio::test]
async fn the_session_of_another_person_is_not_ended() {
    let (server, browser, phone) = ada_with_something_to_lose().await;
    let eve = signed_in(&server, "eve").await;
    signed_in(&server, "eve").await;
    let theirs = other_session(&browser.open("/account/devices").await.page());
    let page = eve.open("/account/devices").await.page();
    assert!(!page.html.contains(&theirs));
    let page = post(&eve, &page, &[("session", &theirs)]).await.page();
    assert!(!page.has("#notice") && page.status == StatusCode::OK, "{}", page.html);
    let page = post(&eve, &page, &[("session", "others")]).await.page();
    assert_eq!(page.text("#notice"), "Signed out on 1 other device.");
    assert!(nothing_changed(&browser, &phone).await);
}

#[tokio::test]
async fn what_another_person_allowed_is_neither_shown_nor_withdrawn() {
    let (server, browser, phone) = ada_with_something_to_lose().await;
    let eve = signed_in(&server, "eve").await;
    signed_in(&server, "eve").await;
    let devices = eve.open("/account/devices").await.page();
    assert!(!eve.open("/account/connections").await.page().has(".connection"));
    let token = devices.attribute("input[name=form_token]", "value");
    let fields =
        [("form_token", token.as_str()), ("client", "web")].map(|(k, v)| (k.to_owned(), v.to_owned()));
    let page = eve.post("/account/connections", &fields).await.page();
    assert!(page.has("#empty") && !page.has("#notice"), "{}", page.html);
    assert!(nothing_changed(&browser, &phone).await);
}

#[tokio::test]
async fn the_token_of_a_form_works_for_its_person_and_browser_only() {
    let (server, browser, phone) = ada_with_something_to_lose().await;
    let eve = signed_in(&server, "eve").await;
    signed_in(&server, "eve").await;
    let token = async |browser: &Browser| {
        let page = browser.open("/account/devices").await.page();
        page.attribute("input[name=form_token]", "value")
    };
    // Another person, the same person's other browser, nothing, and rubbish.
    let foreign = [token(&eve).await, token(&phone).await, String::new(), "x".repeat(43)];
    for (path, name, value) in FORMS {
        for token in &foreign {
            let fields = [("form_token", token.as_str()), (name, value)];
            let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
            let page = browser.post(path, &fields).await.page();
            assert_eq!(page.status, StatusCode::BAD_REQUEST, "{path} {token}");
            assert!(page.has("#next"), "it leads on: {}", page.html);
        }
    }
    assert!(nothing_changed(&browser, &phone).await);
}

#[tokio::test]
async fn the_page_of_a_person_who_is_gone_changes_nothing_for_the_next_one() {
    let (server, browser, _) = ada_with_something_to_lose().await;
    let page = browser.open("/account/devices").await.page();
    // Eve signs in with the same browser, and has a second session.
    let eve = signed_in(&server, "eve").await;
    let login = browser.open("/oauth/logout").await.page();
    browser.submit(&login, &[]).await;
    browser.sign_in(&browser.open("/login").await.page(), "eve").await;
    let refused = post(&browser, &page, &[("session", "others")]).await.page();
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(!eve.open("/account").await.page().has("#login"));
}

#[tokio::test]
async fn a_form_of_another_site_changes_nothing() {
    let (server, browser, phone) = ada_with_something_to_lose().await;
    let page = browser.open("/account/devices").await.page();
    let token = page.attribute("input[name=form_token]", "value");
    for (path, name, value) in FORMS {
        let request = browser.http().post(server.url(path)).header(ORIGIN, "https://evil.example");
        let answer = request.form(&[("form_token", token.as_str()), (name, value)]).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{path}");
    }
    assert!(nothing_changed(&browser, &phone).await);
}

#[tokio::test]
async fn a_form_without_a_session_asks_for_a_login_and_changes_nothing() {
    let (server, browser, phone) = ada_with_something_to_lose().await;
    for (path, name, value) in FORMS {
        let stranger = Browser::new(&server.issuer);
        let page = stranger.post(path, &[(name.to_owned(), value.to_owned())]).await.page();
        assert!(page.has("#login"), "{path}: {}", page.html);
    }
    assert!(nothing_changed(&browser, &phone).await);
}

#[tokio::test]
async fn to_open_a_page_changes_nothing() {
    let (_server, browser, phone) = ada_with_something_to_lose().await;
    let page = browser.open("/account/devices").await.page();
    let token = page.attribute("input[name=form_token]", "value");
    for (path, name, value) in FORMS {
        browser.open(&format!("{path}?form_token={token}&{name}={value}")).await;
    }
    assert!(nothing_changed(&browser, &phone).await);
}

#[tokio::test]
async fn no_address_and_no_foreign_cookie_makes_a_page_say_that_something_was_done() {
    let (server, browser, _) = ada_with_something_to_lose().await;
    let page = browser.open("/account/devices").await.page();
    let token = page.attribute("input[name=form_token]", "value");
    let fields = [("form_token", token.as_str()), ("session", "others")];
    let answer = browser.http().post(server.url("/account/devices")).form(&fields).send().await.unwrap();
    let notice = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    assert!(notice.contains("notice"), "{notice}");
    let eve = signed_in(&server, "eve").await;
    let own =
        eve.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    let invented = format!("{}=Saved.", notice.split_once('=').unwrap().0);
    for notice in [&notice, &invented] {
        let request = reqwest::Client::new().get(server.url("/account/devices"));
        let html =
            request.header(COOKIE, format!("{own}; {notice}")).send().await.unwrap().text().await.unwrap();
        assert!(html.contains("as <bdi>eve</bdi>") && !html.contains("id=\"notice\""), "{html}");
    }
    let page = eve.open("/account/devices?notice=x&done=1").await.page();
    assert!(!page.has("#notice"));
}

#[tokio::test]
async fn nobody_frames_a_page_of_the_account() {
    let (_server, _, browser) = world().await;
    for page in [AccountPage::Applications, AccountPage::Security, AccountPage::Devices] {
        let page = browser.open(page.path()).await.page();
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!(page.headers["cross-origin-opener-policy"], "same-origin");
    }
}

#[tokio::test]
async fn every_page_that_takes_a_form_is_attacked_here() {
    let server = TestServer::start().await;
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    for page in AccountPage::ALL {
        let answer = http.post(server.url(page.path())).form(&[("x", "y")]).send().await.unwrap();
        let is_listed = FORMS.iter().any(|(path, ..)| *path == page.path());
        assert_eq!(answer.status() != StatusCode::METHOD_NOT_ALLOWED, is_listed, "{page:?}");
    }
}
