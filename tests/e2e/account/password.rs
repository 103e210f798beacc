//! `/account/security/password`: a person changes their own password.

use application::port::EventFilter;
use chrono::Duration;
use domain::letter::Message;
use reqwest::StatusCode;
use tests::support::{Browser, PASSWORD, Page, RelyingParty, TestServer};

use super::{post, signed_in, world};

const PATH: &str = "/account/security/password";
const NEW: &str = "plum radio forty one";

/// The fields of the form.
fn form<'a>(password: &'a str, again: &'a str) -> [(&'a str, &'a str); 2] {
    [("password", password), ("password_again", again)]
}

async fn signs_in(server: &TestServer, password: &str) -> bool {
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    !browser.submit(&login, &[("username", "ada"), ("password", password)]).await.page().has("#login")
}

async fn is_in(browser: &Browser) -> bool {
    !browser.open("/account").await.page().has("#login")
}

async fn open(browser: &Browser) -> Page {
    browser.open(PATH).await.page()
}

#[tokio::test]
async fn a_new_password_signs_out_everywhere_else_if_the_person_wants_it() {
    let (server, _, browser) = world().await;
    let phone = signed_in(&server, "ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let tokens =
        web.tokens(&phone, "ada", &[("scope", "openid offline_access"), ("prompt", "consent")]).await;
    server.clock.advance(Duration::seconds(1));
    let page = open(&browser).await;
    assert!(page.has("#others[checked]"), "{}", page.html);
    let [password, again] = form(NEW, NEW);
    let page = post(&browser, &page, &[password, again, ("others", "sign_out")]).await.page();
    assert_eq!(
        (page.url.as_str(), page.text("#notice").as_str()),
        (server.url("/account/security").as_str(), "Your password is changed.")
    );
    assert!(is_in(&browser).await && !is_in(&phone).await);
    assert_eq!(web.refresh(tokens.text("refresh_token")).await.status(), 400);
    assert!(signs_in(&server, NEW).await && !signs_in(&server, PASSWORD).await);
    let activity = browser.open("/account/activity").await.page();
    assert!(activity.text("tbody").contains("Your password was changed"), "{}", activity.html);
}

#[tokio::test]
async fn a_new_password_leaves_other_devices_signed_in_if_the_person_wants_it() {
    let (server, _, browser) = world().await;
    let phone = signed_in(&server, "ada").await;
    let page = open(&browser).await;
    post(&browser, &page, &form(NEW, NEW)).await;
    assert!(is_in(&browser).await && is_in(&phone).await);
    assert!(signs_in(&server, NEW).await && !signs_in(&server, PASSWORD).await);
}

#[tokio::test]
async fn a_password_that_is_weak_or_typed_in_two_ways_changes_nothing() {
    let (server, _, browser) = world().await;
    for (password, again, problem) in [
        ("ada", "ada", "Choose a password of at least 8 characters."),
        ("password1", "password1", "Many people use a password like this. Choose another."),
        (NEW, "plum radio forty two", "The two passwords do not match."),
    ] {
        let page = open(&browser).await;
        let page = post(&browser, &page, &form(password, again)).await.page();
        assert_eq!(
            (page.status, page.text("#problem").as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, problem)
        );
        assert!(page.text("title").starts_with("Error:"), "{}", page.html);
        assert!(!page.html.contains(password) || password == "ada", "the page does not repeat it");
        assert!(!page.has("#others[checked]"), "the box stays as it was");
    }
    assert!(signs_in(&server, PASSWORD).await);
}

#[tokio::test]
async fn an_old_sign_in_does_not_open_the_page_nor_send_its_form() {
    let (server, _, browser) = world().await;
    let page = open(&browser).await;
    assert!(page.has("#change-password"), "{}", page.html);
    server.clock.advance(Duration::minutes(5) + Duration::seconds(1));
    let login = post(&browser, &page, &form(NEW, NEW)).await.page();
    assert!(login.has("#login"), "{}", login.html);
    assert!(!signs_in(&server, NEW).await && signs_in(&server, PASSWORD).await);
    let login = open(&browser).await;
    assert!(login.text("main").contains("Sign in again to go on."), "{}", login.html);
    // Other pages stay open.
    assert!(is_in(&browser).await);
    let page = browser.sign_in(&login, "ada").await.page();
    assert!(page.has("#change-password"), "{}", page.html);
    assert_eq!(page.url, server.url(PATH));
}

#[tokio::test]
async fn the_form_of_another_person_or_browser_changes_no_password() {
    let (server, _, browser) = world().await;
    server.user("eve").await;
    let (eve, phone) = (signed_in(&server, "eve").await, signed_in(&server, "ada").await);
    for other in [&eve, &phone] {
        let page = open(other).await;
        let refused = post(&browser, &page, &form(NEW, NEW)).await.page();
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.html);
    }
    let page = open(&eve).await;
    let named = [("username", "ada"), ("user", "ada"), ("password", NEW), ("password_again", NEW)];
    post(&eve, &page, &named).await;
    assert!(!signs_in(&server, NEW).await && signs_in(&server, PASSWORD).await);
}

#[tokio::test]
async fn the_person_is_told_by_mail() {
    let server = TestServer::with_mail().await;
    let ada = server.user("ada").await;
    let browser = signed_in(&server, "ada").await;
    let page = open(&browser).await;
    post(&browser, &page, &form(NEW, NEW)).await;
    let filter = EventFilter { actor: Some(ada.id.to_string()), ..EventFilter::default() };
    let events = server.ports.audit_trail.latest(&filter, None, 10).await.unwrap();
    assert_eq!(events[0].event.action, "user.set-password");
    let told = Message::PasswordChanged { at: server.now(), address: Some("127.0.0.1".to_owned()) };
    let letters = server.sent().await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].message == told && letters[0].to == "ada@example.com");
}
