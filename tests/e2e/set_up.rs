//! The first administrator.

use ::server::compose;
use application::users::set_up::{OfferedLink, SetUp};
use chrono::Duration;
use domain::Secret;
use tests::support::{Browser, TestServer};

const NEW: &str = "a long enough password";

fn set_up(server: &TestServer) -> SetUp {
    compose::set_up(&server.ports, &server.settings)
}

fn link(token: &Secret) -> String {
    format!("/setup?token={}", token.expose())
}

const FORM: [(&str, &str); 3] = [("username", "root"), ("password", NEW), ("password_again", NEW)];

#[tokio::test]
async fn the_link_makes_one_administrator_once() {
    let server = TestServer::start().await;
    let OfferedLink::New(token) = set_up(&server).offer().await.unwrap() else { panic!("no link") };
    let browser = Browser::new(&server.issuer);
    let page = browser.open(&link(&token)).await.page();
    assert!(page.has("#create"));
    let done = browser.submit(&page, &FORM).await.page();
    assert_eq!(done.status, 200);
    assert!(done.text("body").contains("root"));
    let root = server.users.find_by_sign_in_name(&"root".parse().unwrap()).await.unwrap();
    assert!(root.administrator);

    // The link is spent; posting its form again, or any other link, says so too.
    let again = browser.submit(&page, &FORM).await.page();
    for page in [browser.open(&link(&token)).await.page(), browser.open("/setup?token=x").await.page(), again]
    {
        assert_eq!((page.status.as_u16(), page.text("h1")), (410, "Already set up. Sign in.".to_owned()));
        assert!(page.addresses().iter().any(|address| address.ends_with("/login")), "{}", page.html);
    }
    assert!(matches!(set_up(&server).offer().await.unwrap(), OfferedLink::AlreadySetUp));

    let login = browser.open("/login").await.page();
    let fields = [("username", "root"), ("password", NEW)];
    assert_eq!(browser.submit(&login, &fields).await.page().status, 200);
}

#[tokio::test]
async fn the_link_expires_after_thirty_minutes_and_a_new_one_replaces_it() {
    let server = TestServer::start().await;
    let browser = Browser::new(&server.issuer);
    let OfferedLink::New(first) = set_up(&server).offer().await.unwrap() else { panic!("no link") };
    let OfferedLink::New(second) = set_up(&server).offer().await.unwrap() else { panic!("no link") };
    assert!(browser.open(&link(&first)).await.page().has("#error"));
    server.clock.advance(Duration::minutes(30) - Duration::seconds(1));
    let page = browser.open(&link(&second)).await.page();
    assert!(page.has("#create"));
    server.clock.advance(Duration::seconds(1));
    assert!(browser.submit(&page, &FORM).await.page().has("#error"));
    assert!(browser.open("/setup").await.page().has("#error"));
    assert!(browser.open("/setup?token=guess").await.page().has("#error"));
}

#[tokio::test]
async fn a_form_that_does_not_fit_is_shown_again_and_the_link_still_works() {
    let server = TestServer::start().await;
    let OfferedLink::New(token) = set_up(&server).offer().await.unwrap() else { panic!("no link") };
    let browser = Browser::new(&server.issuer);
    let mut page = browser.open(&link(&token)).await.page();
    for fields in [
        [("username", "root"), ("password", "short"), ("password_again", "short")],
        [("username", "root"), ("password", NEW), ("password_again", "another one")],
        [("username", ""), ("password", NEW), ("password_again", NEW)],
    ] {
        page = browser.submit(&page, &fields).await.page();
        assert_eq!(page.status, 422);
        assert!(page.has("[role=alert]"));
    }
    assert_eq!(browser.submit(&page, &FORM).await.page().status, 200);
}

#[tokio::test]
async fn a_weak_password_is_refused_with_a_reason_in_the_language_of_the_page() {
    let server = TestServer::with(|settings| settings.password_rule.min_characters = 10).await;
    let OfferedLink::New(token) = set_up(&server).offer().await.unwrap() else { panic!("no link") };
    for (language, word) in [
        ("en", "characters"),
        ("de", "Zeichen"),
        ("es", "caracteres"),
        ("fr", "caract\u{e8}res"),
        ("ja", "\u{6587}\u{5b57}"),
        ("tr", "karakterli"),
    ] {
        let browser = Browser::new(&server.issuer);
        let page = browser.open(&format!("{}&ui_locales={language}", link(&token))).await.page();
        let mut reasons = std::collections::BTreeSet::new();
        let weak = [
            "short-one",
            "password123",
            "root.admin",
            "Root.Admin1",
            "abcabcabcabc",
            "cdefghijklmn",
            "31.12.1985",
            "philosophy",
            "a\u{7f}bcdefghij",
        ];
        for password in weak {
            let fields = [("username", "root.admin"), ("password", password), ("password_again", password)];
            let page = browser.submit(&page, &fields).await.page();
            assert_eq!(page.status, 422, "{password}");
            reasons.insert(page.text("[role=alert]"));
        }
        assert_eq!(reasons.len(), weak.len(), "each has its own: {reasons:?}");
        let short = reasons.iter().find(|reason| reason.contains("10")).expect("the fewest characters");
        assert!(short.contains(word), "{short}");
    }
}

#[tokio::test]
async fn the_form_works_only_in_the_browser_that_opened_it() {
    let server = TestServer::start().await;
    let OfferedLink::New(token) = set_up(&server).offer().await.unwrap() else { panic!("no link") };
    let page = Browser::new(&server.issuer).open(&link(&token)).await.page();
    assert!(Browser::new(&server.issuer).submit(&page, &FORM).await.page().has("#error"));
}
