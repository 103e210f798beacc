//! A person opens the links that were given to them.

use application::users::NewUser;
use domain::Letter;
use domain::claims::ProfileClaims;
use domain::letter::Message;
use domain::{Actor, LinkPurpose, User};
use tests::support::{PASSWORD, TestServer};

use crate::USERNAME;
use crate::chromium::Chromium;

/// A user who was invited.
pub(crate) async fn invited(server: &TestServer, username: &str) -> User {
    let new = NewUser {
        username: username.parse().expect("a user name"),
        password: None,
        claims: ProfileClaims::default(),
        administrator: false,
    };
    server.users.create(new, Actor::CommandLine).await.expect("a user")
}

/// The address of a link.
pub(crate) async fn link(server: &TestServer, user: &User, purpose: LinkPurpose) -> String {
    server.links.issue(user, purpose, Actor::CommandLine).await.expect("a link").link
}

#[tokio::test]
async fn an_invited_person_chooses_a_password_and_signs_in_without_javascript() {
    let server = TestServer::in_real_time().await;
    let ada = invited(&server, USERNAME).await;
    let link = link(&server, &ada, LinkPurpose::Invitation).await;
    let browser = Chromium::without_javascript().await;
    browser.open(&link).await;
    assert_eq!(browser.reads("h1").await, "Welcome");
    assert!(browser.reads("main").await.contains("You are invited to an account at 127.0.0.1."));
    browser.types("#password", PASSWORD).await;
    browser.types("#password_again", "something else entirely").await;
    browser.clicks("#accept").await;
    assert!(browser.reads("#problem").await.contains("do not match"));
    browser.types("#password", PASSWORD).await;
    browser.types("#password_again", PASSWORD).await;
    browser.clicks("#accept").await;
    assert_eq!(browser.reads("#link-done").await, "Your account is ready");
    browser.clicks("a[href='/login']").await;
    browser.signs_in().await;
    browser.sees("a[href='/oauth/logout']").await;
    assert!(browser.reads(".who").await.contains("You are signed in as ada"));

    browser.open(&link).await;
    assert_eq!(browser.reads("#link-over").await, "This link was used already or has expired");
    browser.sees("a[href='/login']").await;
    browser.end().await;
}

#[tokio::test]
async fn a_new_password_ends_the_session_of_another_browser() {
    let server = TestServer::in_real_time().await;
    let ada = server.user(USERNAME).await;
    let (elsewhere, browser) = (Chromium::start().await, Chromium::start().await);
    elsewhere.open(&server.url("/login")).await;
    elsewhere.signs_in().await;
    elsewhere.sees("a[href='/oauth/logout']").await;

    browser.open(&link(&server, &ada, LinkPurpose::PasswordReset).await).await;
    assert!(browser.reads("main").await.contains("You will be signed out everywhere"));
    let new = "plum radio forty one";
    browser.types("#password", new).await;
    browser.types("#password_again", new).await;
    browser.clicks("#set-password").await;
    assert_eq!(browser.reads("#link-done").await, "Your password is changed");
    elsewhere.open(&server.url("/")).await;
    elsewhere.sees("#login").await;
    browser.clicks("a[href='/login']").await;
    browser.signs_in_with(new).await;
    browser.sees("a[href='/oauth/logout']").await;
    elsewhere.end().await;
    browser.end().await;
}

#[tokio::test]
async fn another_email_address_is_confirmed() {
    let server = TestServer::in_real_time().await;
    let ada = server.user(USERNAME).await;
    let browser = Chromium::start().await;
    let purpose = LinkPurpose::EmailChange("ada@new.example".to_owned());
    browser.open(&link(&server, &ada, purpose).await).await;
    assert!(browser.reads("dl").await.contains("ada@new.example"));
    browser.clicks("#confirm").await;
    assert_eq!(browser.reads("#link-done").await, "Your e-mail address is confirmed");
    let kept = server.users.find(ada.id).await.expect("the user");
    assert_eq!(kept.email(), Some("ada@new.example"));
    browser.end().await;
}

#[tokio::test]
async fn who_forgot_the_password_asks_for_a_link_and_opens_it_in_another_browser() {
    let server = TestServer::with_mail_in_real_time().await;
    server.user(USERNAME).await;
    let (browser, phone) = (Chromium::start().await, Chromium::without_javascript().await);
    browser.open(&server.url("/login")).await;
    assert_eq!(browser.reads("#forgot").await, "Forgot password?");
    browser.clicks("#forgot").await;
    browser.types("#username", USERNAME).await;
    browser.clicks("#send").await;
    assert_eq!(browser.reads("#forgot-sent").await, "Look in your mail");
    assert!(browser.reads("main").await.contains("If that address has an account, a link is on its way."));

    let letters = server.sent().await;
    let [Letter { message: Message::PasswordReset { link, .. }, .. }] = &letters[..] else {
        panic!("{} letters", letters.len())
    };
    phone.open(link).await;
    let new = "plum radio forty one";
    phone.types("#password", new).await;
    phone.types("#password_again", new).await;
    phone.clicks("#set-password").await;
    phone.sees("#link-done").await;
    browser.open(&server.url("/login")).await;
    browser.signs_in_with(new).await;
    browser.sees("a[href='/oauth/logout']").await;
    phone.end().await;
    browser.end().await;
}
