//! `/register`: people make their own accounts.

use application::Settings;
use chrono::Duration;
use domain::letter::Message;
use domain::{Actor, Letter, SignInName, SignUpMode, User};
use tests::support::{Browser, PASSWORD, Page, TestServer};

const NEW: &str = "eleven brass candlesticks";

fn open(settings: &mut Settings) {
    settings.sign_up.mode = SignUpMode::Open;
}

fn only(letters: Vec<Letter>) -> Letter {
    let count = letters.len();
    letters.into_iter().next().filter(|_| count == 1).unwrap_or_else(|| panic!("{count} letters"))
}

fn link(letter: &Letter) -> &str {
    if let Message::SignUp { link, .. } = &letter.message { link } else { panic!("another letter") }
}

async fn asks(browser: &Browser, name: &str, email: &str, password: &str) -> Page {
    let page = browser.open("/register").await.page();
    browser.submit(&page, &[("name", name), ("email", email), ("password", password)]).await.page()
}

async fn found(server: &TestServer, name: &str) -> Option<User> {
    server.ports.users.find_by_sign_in_name(&SignInName::typed(name)).await.unwrap()
}

async fn signs_in(server: &TestServer, name: &str, password: &str) -> bool {
    let browser = Browser::new(&server.issuer);
    let page = browser.open("/login").await.page();
    let page = browser.submit(&page, &[("username", name), ("password", password)]).await.page();
    page.has("header") && page.text("header").contains("Sign out")
}

#[tokio::test]
async fn a_person_makes_an_account_confirms_the_address_and_signs_in() {
    let server = TestServer::with_mail_and(open).await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    assert!(login.has("a#register[href='/register']"), "{}", login.html);
    let sent = asks(&browser, "Grace Hopper", "Grace.Hopper+club@Example.com", NEW).await;
    assert!(sent.status == 200 && sent.has("#register-sent"), "{}", sent.html);
    assert!(
        found(&server, "grace.hopper+club@example.com").await.is_none(),
        "nothing exists before the link"
    );
    let letter = only(server.sent().await);
    assert_eq!(letter.to, "Grace.Hopper+club@example.com");
    let page = browser.open(link(&letter)).await.page();
    assert!(page.text("main").contains("Grace Hopper") && !page.has("input[type=password]"), "{}", page.html);
    assert!(
        found(&server, "grace.hopper+club@example.com").await.is_none(),
        "a mail scanner makes no account"
    );
    let done = browser.submit(&page, &[]).await.page();
    assert!(done.has("#register-done") && done.text("main").contains("Grace.Hopper"), "{}", done.html);
    let user = found(&server, "grace.hopper").await.unwrap();
    assert!(!user.administrator && user.is_enabled());
    assert_eq!(user.claims.get("email_verified"), Some(&true.into()));
    assert_eq!(user.claims.get("name"), Some(&"Grace Hopper".into()));
    assert!(signs_in(&server, "grace.hopper+club@example.com", NEW).await);
    let again = browser.open(link(&letter)).await.page();
    assert!(again.status == 410 && again.has("#register-over"), "the link works once");
    let over = browser.submit(&page, &[]).await.page();
    assert!(over.has("#register-over"));
}

#[tokio::test]
async fn in_another_browser_the_password_is_asked_for() {
    let server = TestServer::with_mail_and(open).await;
    let attacker = Browser::new(&server.issuer);
    assert!(
        asks(&attacker, "Grace", "grace@example.com", "the password of the attacker")
            .await
            .has("#register-sent")
    );
    let letter = only(server.sent().await);
    let grace = Browser::new(&server.issuer);
    let page = grace.open(link(&letter)).await.page();
    assert!(page.has("input[type=password]"));
    for password in ["", NEW] {
        let wrong = grace.submit(&page, &[("password", password)]).await.page();
        assert!(wrong.status == 422 && wrong.has("#problem"), "{}", wrong.html);
    }
    assert!(found(&server, "grace@example.com").await.is_none());
    let done = grace.submit(&page, &[("password", "the password of the attacker")]).await.page();
    assert!(done.has("#register-done"), "who knows both is the same person");
    asks(&attacker, "Ben", "ben@example.com", NEW).await;
    let letter = only(server.sent().await);
    let page = grace.open(link(&letter)).await.page();
    for guess in 0..10 {
        assert_eq!(grace.submit(&page, &[("password", &format!("guess {guess}"))]).await.page().status, 422);
    }
    assert_eq!(grace.submit(&page, &[("password", NEW)]).await.page().status, 429);
    assert!(found(&server, "ben@example.com").await.is_none());
}

#[tokio::test]
async fn the_answer_is_the_same_for_an_address_that_has_an_account() {
    let server = TestServer::with_mail_and(open).await;
    server.user("ada").await;
    let unknown = asks(&Browser::new(&server.issuer), "Ada", "new@example.com", NEW).await;
    server.sent().await;
    let known = asks(&Browser::new(&server.issuer), "Ada", "ADA@example.com", NEW).await;
    assert_eq!((known.status, &known.html), (unknown.status, &unknown.html));
    let letter = only(server.sent().await);
    assert!(matches!(&letter.message, Message::AccountExists { link } if link.ends_with("/login")));
    assert!(signs_in(&server, "ada", PASSWORD).await, "nothing changed");
    assert!(!signs_in(&server, "ada", NEW).await);
}

#[tokio::test]
async fn an_address_that_got_an_account_meanwhile_gets_no_second_one() {
    let server = TestServer::with_mail_and(open).await;
    let browsers = [Browser::new(&server.issuer), Browser::new(&server.issuer)];
    let mut pages = Vec::new();
    for browser in &browsers {
        asks(browser, "Grace", "grace@example.com", NEW).await;
        let letter = only(server.sent().await);
        pages.push(browser.open(link(&letter)).await.page());
    }
    let [first, second] = [&browsers[0], &browsers[1]];
    let (one, two) = tokio::join!(first.submit(&pages[0], &[]), second.submit(&pages[1], &[]));
    let done = [one.page(), two.page()].iter().filter(|page| page.has("#register-done")).count();
    assert_eq!(done, 1);
}

#[tokio::test]
async fn a_taken_user_name_gets_a_number() {
    let server = TestServer::with_mail_and(open).await;
    server.user("grace").await;
    let browser = Browser::new(&server.issuer);
    asks(&browser, "Grace", "grace@another.example", NEW).await;
    let page = browser.open(link(&only(server.sent().await))).await.page();
    assert!(browser.submit(&page, &[]).await.page().text("main").contains("grace2"));
}

#[tokio::test]
async fn what_cannot_be_taken_is_said_and_the_form_keeps_what_was_typed() {
    let server = TestServer::with_mail_and(|settings| {
        open(settings);
        settings.sign_up.domains = vec!["example.com".to_owned(), "münchen.example".to_owned()];
    })
    .await;
    let browser = Browser::new(&server.issuer);
    for (name, email, password) in [
        ("", "a@example.com", NEW),
        ("Ada\u{202e}", "a@example.com", NEW),
        ("Ada", "nonsense", NEW),
        ("Ada", "a@evil.example", NEW),
        ("Ada", "a@example.com.evil.example", NEW),
        ("Ada", "a@example.com", "password"),
        ("Ada", "a@example.com", ""),
    ] {
        let page = asks(&browser, name, email, password).await;
        assert!(page.status == 422 && page.has("#problem"), "{name:?} {email} {password}: {}", page.html);
        assert_eq!(page.attribute("input[name=email]", "value"), email);
        assert!(!page.html.contains(NEW));
    }
    assert!(server.sent().await.is_empty());
    assert!(asks(&browser, "Ada", "a@M\u{fc}nchen.example", NEW).await.has("#register-sent"));
}

#[tokio::test]
async fn strangers_can_ask_only_so_often() {
    let server = TestServer::with_mail_and(open).await;
    let browser = Browser::new(&server.issuer);
    for number in 0..5 {
        assert!(asks(&browser, "Grace", "grace@example.com", NEW).await.has("#register-sent"));
        assert_eq!(server.sent().await.len(), usize::from(number < 3), "{number}");
    }
    for number in 5..20 {
        asks(&browser, "Grace", &format!("g{number}@example.com"), NEW).await;
    }
    let limited = asks(&browser, "Grace", "grace@example.com", NEW).await;
    assert!(limited.status == 429 && limited.has("#problem"), "{}", limited.html);
}

#[tokio::test]
async fn an_account_that_needs_approval_is_disabled_until_an_administrator_enables_it() {
    let server = TestServer::with_mail_and(|settings| {
        open(settings);
        settings.sign_up.approval = true;
    })
    .await;
    let browser = Browser::new(&server.issuer);
    asks(&browser, "Grace", "grace@example.com", NEW).await;
    let page = browser.open(link(&only(server.sent().await))).await.page();
    assert!(browser.submit(&page, &[]).await.page().has("#register-waiting"));
    assert!(!signs_in(&server, "grace", NEW).await);
    let user = found(&server, "grace").await.unwrap();
    server.users.set_enabled(user.id, true, Actor::CommandLine).await.unwrap();
    assert!(signs_in(&server, "grace", NEW).await);
}

#[tokio::test]
async fn a_link_expires_after_a_day_and_a_changed_one_opens_nothing() {
    let server = TestServer::with_mail_and(open).await;
    let browser = Browser::new(&server.issuer);
    asks(&browser, "Grace", "grace@example.com", NEW).await;
    let letter = only(server.sent().await);
    let link = link(&letter);
    let (start, token) = link.split_once("token=").unwrap();
    let changed = format!("{start}token={}x{}", &token[..40], &token[41..]);
    for forged in [changed.as_str(), &format!("{start}token=x"), start] {
        assert_eq!(browser.open(forged).await.page().status, 410, "{forged}");
    }
    server.clock.advance(Duration::hours(23));
    let page = browser.open(link).await.page();
    assert!(page.has("#confirm"));
    server.clock.advance(Duration::hours(2));
    assert_eq!(browser.open(link).await.page().status, 410);
    assert!(browser.submit(&page, &[]).await.page().has("#register-over"));
}

#[tokio::test]
async fn both_forms_are_accepted_only_from_the_page_of_the_browser() {
    let server = TestServer::with_mail_and(open).await;
    let (browser, other) = (Browser::new(&server.issuer), Browser::new(&server.issuer));
    let page = browser.open("/register").await.page();
    let fields = [("name", "Grace"), ("email", "grace@example.com"), ("password", NEW)];
    assert!(other.submit(&page, &fields).await.page().has("#error"));
    assert!(server.sent().await.is_empty());
    browser.submit(&page, &fields).await;
    let confirm = browser.open(link(&only(server.sent().await))).await.page();
    other.open("/login").await;
    assert!(other.submit(&confirm, &[("password", NEW)]).await.page().has("#error"));
    assert!(found(&server, "grace").await.is_none());
}

#[tokio::test]
async fn without_permission_there_is_no_page() {
    for (mode, status) in [(SignUpMode::Closed, 404), (SignUpMode::ByInvitation, 200)] {
        let server = TestServer::with_mail_and(|settings| settings.sign_up.mode = mode).await;
        let browser = Browser::new(&server.issuer);
        assert!(!browser.open("/login").await.page().has("#register"));
        let page = browser.open("/register").await.page();
        assert!(page.status == status && !page.has("form"), "{}", page.html);
        assert_eq!(page.has("#register-invited"), mode == SignUpMode::ByInvitation);
        for path in ["/register", "/register/confirm"] {
            let posted =
                browser.http().post(server.url(path)).form(&[("email", "a@example.com")]).send().await;
            assert_eq!(posted.unwrap().status().as_u16(), status);
        }
        assert!(server.sent().await.is_empty());
    }
}
