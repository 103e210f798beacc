//! Mails: who gets which, when, and in which language.

use application::users::NewUser;
use chrono::Duration;
use domain::Letter;
use domain::letter::Message;
use domain::{Actor, LinkPurpose, Secret, User};
use reqwest::header::ACCEPT_LANGUAGE;
use serde_json::{Map, json};
use tests::support::{Browser, PASSWORD, Page, TestServer};

const NEW: &str = "a long enough password";
const FORM: [(&str, &str); 2] = [("password", NEW), ("password_again", NEW)];

/// The link in a letter.
fn link(letter: &Letter) -> &str {
    match &letter.message {
        Message::Invitation { link, .. }
        | Message::PasswordReset { link, .. }
        | Message::ConfirmEmail { link, .. }
        | Message::SignUp { link, .. }
        | Message::AccountExists { link } => link,
        Message::PasswordChanged { .. }
        | Message::EmailChanged { .. }
        | Message::FactorAdded { .. }
        | Message::FactorRemoved { .. }
        | Message::PasskeyAdded { .. }
        | Message::PasskeyRemoved { .. }
        | Message::Test => panic!("no link"),
    }
}

fn only(letters: Vec<Letter>) -> Letter {
    let count = letters.len();
    letters.into_iter().next().filter(|_| count == 1).unwrap_or_else(|| panic!("{count} letters"))
}

/// Asks for a link in a browser of its own.
async fn asks(server: &TestServer, name: &str) -> Page {
    let browser = Browser::new(&server.issuer);
    let page = browser.open("/forgot").await.page();
    browser.submit(&page, &[("username", name)]).await.page()
}

#[tokio::test]
async fn an_account_without_a_password_waits_for_its_invitation() {
    let server = TestServer::with_mail().await;
    let claims = Map::from_iter([("email".to_owned(), json!("ben@example.com"))]).try_into().unwrap();
    let new = NewUser { username: "ben".parse().unwrap(), password: None, claims, administrator: false };
    server.users.create(new, Actor::CommandLine).await.unwrap();
    assert!(asks(&server, "ben@example.com").await.has("#forgot-sent"));
    assert!(server.sent().await.is_empty());
}

#[tokio::test]
async fn who_forgot_the_password_gets_a_link_that_sets_a_new_one_and_is_told() {
    let server = TestServer::with_mail().await;
    server.user("ada").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    assert!(login.has("a#forgot[href='/forgot']"), "{}", login.html);
    let page = browser.open("/forgot").await.page();
    let sent = browser.submit(&page, &[("username", "ada")]).await.page();
    assert!(sent.has("#forgot-sent") && sent.text("main").contains("If that address has an account"));
    let letter = only(server.sent().await);
    assert_eq!((letter.to.as_str(), letter.username.as_str()), ("ada@example.com", "ada"));
    // In another browser: the mail is read on the phone.
    let phone = Browser::new(&server.issuer);
    let page = phone.open(link(&letter)).await.page();
    assert!(phone.submit(&page, &FORM).await.page().has("#link-done"));
    let notice = only(server.sent().await);
    assert_eq!(notice.to, "ada@example.com");
    let told = Message::PasswordChanged { at: server.now(), address: Some("127.0.0.1".to_owned()) };
    assert!(notice.message == told);
    let login = browser.open("/login").await.page();
    let fields = [("username", "ada"), ("password", NEW)];
    assert_eq!(browser.submit(&login, &fields).await.page().status, 200);
}

#[tokio::test]
async fn the_answer_is_the_same_for_unknown_disabled_and_addressless_accounts_and_for_nonsense() {
    let server = TestServer::with_mail().await;
    server.user("ada").await;
    let bob = server.user("bob").await;
    server.users.set_enabled(bob.id, false, Actor::CommandLine).await.unwrap();
    let carol = server.user("carol").await;
    let no_email = |user: &mut User| {
        user.claims = user.claims.amended(json!({"email": null}).as_object().unwrap().clone())?;
        Ok(())
    };
    server.users.update(carol.id, no_email, Actor::CommandLine).await.unwrap();
    server.sent().await;
    let known = asks(&server, " Ada@Example.com ").await;
    let long = "x".repeat(2_000);
    for name in ["bob", "carol", "nobody@example.com", "", "\u{202e}", &long] {
        let answer = asks(&server, name).await;
        assert_eq!((answer.status, answer.html.as_str()), (known.status, known.html.as_str()), "{name}");
    }
    let letter = only(server.sent().await);
    assert_eq!(letter.to, "ada@example.com");
}

#[tokio::test]
async fn one_account_gets_three_links_in_an_hour_and_one_address_may_ask_twenty_times() {
    let server = TestServer::with_mail().await;
    server.user("ada").await;
    for number in 0..5 {
        assert!(
            asks(&server, if number == 1 { "ADA@example.com" } else { "Ada " }).await.has("#forgot-sent")
        );
        assert_eq!(server.sent().await.len(), usize::from(number < 3), "{number}");
    }
    for number in 5..20 {
        assert!(asks(&server, &format!("user-{number}")).await.has("#forgot-sent"));
    }
    let limited = asks(&server, "ada").await;
    assert_eq!(limited.status, 429);
    assert!(limited.has("#problem") && limited.has("#send"), "{}", limited.html);
    server.clock.advance(Duration::hours(1));
    assert!(asks(&server, "ada").await.has("#forgot-sent"));
    assert_eq!(server.sent().await.len(), 1);
}

#[tokio::test]
async fn without_mail_nothing_is_promised() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let browser = Browser::new(&server.issuer);
    assert!(!browser.open("/login").await.page().has("#forgot"));
    let page = browser.open("/forgot").await.page();
    assert_eq!(page.status, 404);
    let posted = browser.http().post(server.url("/forgot")).form(&[("username", "ada")]).send().await;
    assert_eq!(posted.unwrap().status(), 404);
    let link = server.links.issue(&ada, LinkPurpose::PasswordReset, Actor::CommandLine).await.unwrap();
    assert_eq!(link.mailed_to, None);
    let waiting = server.ports.mail_queue.take_due(server.now() + Duration::days(9), server.now(), 9).await;
    assert!(waiting.unwrap().is_empty());
}

#[tokio::test]
async fn the_form_is_accepted_only_from_the_page_of_the_browser() {
    let server = TestServer::with_mail().await;
    server.user("ada").await;
    let page = Browser::new(&server.issuer).open("/forgot").await.page();
    assert!(Browser::new(&server.issuer).submit(&page, &[("username", "ada")]).await.page().has("#error"));
    assert!(server.sent().await.is_empty());
}

#[tokio::test]
async fn links_of_operators_are_mailed_too_and_to_the_right_address() {
    let server = TestServer::with_mail().await;
    let ada = server.user("ada").await;
    for (purpose, to) in [
        (LinkPurpose::PasswordReset, "ada@example.com"),
        (LinkPurpose::EmailChange("new@example.com".to_owned()), "new@example.com"),
    ] {
        let shown = server.links.issue(&ada, purpose, Actor::CommandLine).await.unwrap();
        assert_eq!(shown.mailed_to.as_deref(), Some(to));
        let letter = only(server.sent().await);
        assert_eq!((letter.to.as_str(), link(&letter)), (to, shown.link.as_str()));
    }
}

#[tokio::test]
async fn another_address_is_told_to_the_old_one() {
    let server = TestServer::with_mail().await;
    let ada = server.user("ada").await;
    let new = LinkPurpose::EmailChange("new@example.com".to_owned());
    server.links.issue(&ada, new, Actor::CommandLine).await.unwrap();
    let letter = only(server.sent().await);
    let browser = Browser::new(&server.issuer);
    let page = browser.open(link(&letter)).await.page();
    assert!(browser.submit(&page, &[]).await.page().has("#link-done"));
    let notice = only(server.sent().await);
    assert_eq!(notice.to, "ada@example.com");
    assert!(matches!(notice.message, Message::EmailChanged { address: Some(_), .. }));

    // A change of the address by an operator is reported too. A change of the name is not.
    let change = |members: serde_json::Value| {
        let server = &server;
        async move {
            let changed = move |user: &mut User| {
                user.claims = user.claims.amended(members.as_object().unwrap().clone())?;
                Ok(())
            };
            server.users.update(ada.id, changed, Actor::CommandLine).await.unwrap();
            server.sent().await
        }
    };
    assert!(change(json!({"name": "Ada"})).await.is_empty());
    let notice = only(change(json!({"email": "third@example.com"})).await);
    assert_eq!(notice.to, "new@example.com");
    server
        .users
        .set_password(&server.users.find(ada.id).await.unwrap(), &Secret::from(PASSWORD), Actor::CommandLine)
        .await
        .unwrap();
    let notice = only(server.sent().await);
    assert!(notice.to == "third@example.com" && matches!(notice.message, Message::PasswordChanged { .. }));
}

#[tokio::test]
async fn a_mail_is_in_the_language_of_the_person_then_of_the_request() {
    let server = TestServer::with_mail().await;
    let ada = server.user("ada").await;
    let browser = Browser::new(&server.issuer);
    let page = browser.http().get(server.url("/forgot")).header(ACCEPT_LANGUAGE, "de").send().await.unwrap();
    assert!(page.text().await.unwrap().contains("lang=\"de\""));
    let page = browser.open("/forgot?ui_locales=de").await.page();
    browser.submit(&page, &[("username", "ada")]).await;
    assert_eq!(only(server.sent().await).languages, ["en-GB", "de"]);
    let no_locale = |user: &mut User| {
        user.claims = user.claims.amended(json!({"locale": null}).as_object().unwrap().clone())?;
        Ok(())
    };
    server.users.update(ada.id, no_locale, Actor::CommandLine).await.unwrap();
    browser.submit(&page, &[("username", "ada")]).await;
    assert_eq!(only(server.sent().await).languages, ["de"]);
}

#[tokio::test]
async fn a_link_that_could_not_be_mailed_in_time_is_not_sent_any_more() {
    let server = TestServer::with_mail().await;
    let ada = server.user("ada").await;
    server.links.issue(&ada, LinkPurpose::PasswordReset, Actor::CommandLine).await.unwrap();
    server.clock.advance(Duration::hours(1));
    assert!(server.sent().await.is_empty());
}
