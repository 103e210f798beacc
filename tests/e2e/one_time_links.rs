//! One-time links: invitations, new passwords, changes of e-mail addresses.

use application::users::NewUser;
use application::users::links::NewLink;
use chrono::Duration;
use domain::claims::ProfileClaims;
use domain::{Actor, LinkKind, LinkPurpose, Secret, User};
use reqwest::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, ORIGIN, REFERRER_POLICY};
use serde_json::json;
use tests::support::{Browser, PASSWORD, Page, RelyingParty, TestServer};

const NEW: &str = "a long enough password";
const FORM: [(&str, &str); 2] = [("password", NEW), ("password_again", NEW)];

async fn invited(server: &TestServer, username: &str) -> User {
    let new = NewUser {
        username: username.parse().unwrap(),
        password: None,
        claims: ProfileClaims::default(),
        administrator: false,
    };
    server.users.create(new, Actor::CommandLine).await.unwrap()
}

async fn link(server: &TestServer, user: &User, purpose: LinkPurpose) -> NewLink {
    server.links.issue(user, purpose, Actor::CommandLine).await.unwrap()
}

fn change_of_email() -> LinkPurpose {
    LinkPurpose::EmailChange("new@example.com".to_owned())
}

/// Opens the link in a browser of its own.
async fn open(server: &TestServer, link: &NewLink) -> (Browser, Page) {
    let browser = Browser::new(&server.issuer);
    let page = browser.open(&link.link).await.page();
    (browser, page)
}

async fn signs_in(server: &TestServer, username: &str, password: &str) -> bool {
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    browser.submit(&login, &[("username", username), ("password", password)]).await.page().status == 200
}

fn is_over(page: &Page) -> bool {
    page.status == 410 && page.has("#link-over") && page.addresses().iter().any(|it| it.ends_with("/login"))
}

#[tokio::test]
async fn an_invited_person_chooses_a_password_once_and_signs_in() {
    let server = TestServer::start().await;
    let ada = invited(&server, "ada").await;
    assert!(!signs_in(&server, "ada", NEW).await);
    let link = link(&server, &ada, LinkPurpose::Invitation).await;
    assert!(link.link.starts_with(&format!("{}/invite?token=", server.issuer)), "{link:?}");
    let (browser, page) = open(&server, &link).await;
    assert_eq!(page.status, 200);
    assert!(
        page.has("#accept") && page.html.contains("value=\"ada\"") && page.text("main").contains("127.0.0.1")
    );
    let done = browser.submit(&page, &FORM).await.page();
    assert_eq!(done.status, 200);
    assert!(done.has("#link-done") && done.text("main").contains("ada"), "{}", done.html);
    assert!(signs_in(&server, "ada", NEW).await);
    assert!(is_over(&browser.submit(&page, &FORM).await.page()), "the same form again");
    assert!(is_over(&open(&server, &link).await.1));
}

#[tokio::test]
async fn opening_a_link_again_and_again_in_any_browser_uses_nothing_up() {
    let server = TestServer::start().await;
    for (username, purpose) in [("ada", LinkPurpose::Invitation), ("bob", change_of_email())] {
        let user = invited(&server, username).await;
        let link = link(&server, &user, purpose).await;
        for _ in 0..3 {
            assert_eq!(open(&server, &link).await.1.status, 200);
        }
        let head = reqwest::Client::new().head(&link.link).send().await.unwrap();
        assert_eq!(head.status(), 405);
        let (browser, page) = open(&server, &link).await;
        assert!(
            browser
                .submit(&page, &FORM[..if username == "ada" { 2 } else { 0 }])
                .await
                .page()
                .has("#link-done")
        );
    }
}

#[tokio::test]
async fn a_new_password_signs_the_person_out_everywhere_and_revokes_refresh_tokens() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let session = Browser::new(&server.issuer);
    let offline = [("scope", "openid offline_access"), ("prompt", "consent")];
    let tokens = web.tokens(&session, "ada", &offline).await;
    assert!(session.open("/").await.page().text("header").contains("signed in as"));
    let link = link(&server, &ada, LinkPurpose::PasswordReset).await;
    let (browser, page) = open(&server, &link).await;
    assert!(page.has("#set-password") && page.text("main").contains("signed out everywhere"));
    server.clock.advance(Duration::seconds(1));
    assert!(browser.submit(&page, &FORM).await.page().has("#link-done"));
    assert!(!session.open("/").await.page().text("main").contains("signed in as"));
    assert_eq!(web.refresh(tokens.text("refresh_token")).await.status(), 400);
    assert_eq!(web.userinfo(tokens.text("access_token")).await.status(), 401);
    assert!(!signs_in(&server, "ada", PASSWORD).await && signs_in(&server, "ada", NEW).await);
}

#[tokio::test]
async fn another_email_address_is_confirmed_by_the_form_and_verified() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let link = link(&server, &ada, change_of_email()).await;
    let (browser, page) = open(&server, &link).await;
    assert!(page.has("#confirm") && page.text("dl").contains("new@example.com"));
    let email = async || server.users.find(ada.id).await.unwrap().claims.get("email").cloned();
    assert_eq!(email().await, Some(json!("ada@example.com")));
    assert!(browser.submit(&page, &[]).await.page().has("#link-done"));
    assert_eq!(email().await, Some(json!("new@example.com")));
    let verified = server.users.find(ada.id).await.unwrap().claims.get("email_verified").cloned();
    assert_eq!(verified, Some(json!(true)));
    assert!(is_over(&browser.submit(&page, &[]).await.page()));
}

#[tokio::test]
async fn a_link_works_until_it_expires() {
    let server = TestServer::start().await;
    for (number, kind) in LinkKind::ALL.into_iter().enumerate() {
        let user = invited(&server, &format!("user-{number}")).await;
        let purpose = match kind {
            LinkKind::Invitation => LinkPurpose::Invitation,
            LinkKind::PasswordReset => LinkPurpose::PasswordReset,
            LinkKind::EmailChange => change_of_email(),
        };
        let link = link(&server, &user, purpose).await;
        assert_eq!(link.expires_at, server.now() + kind.lifetime());
        server.clock.advance(kind.lifetime() - Duration::seconds(1));
        let (browser, page) = open(&server, &link).await;
        assert_eq!(page.status, 200, "{kind:?}");
        server.clock.advance(Duration::seconds(1));
        assert!(is_over(&open(&server, &link).await.1), "{kind:?}");
        let fields = if kind == LinkKind::EmailChange { &FORM[..0] } else { &FORM };
        assert!(is_over(&browser.submit(&page, fields).await.page()), "{kind:?}");
    }
}

#[tokio::test]
async fn a_link_is_for_its_page_only_and_an_invented_one_for_none() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let reset = link(&server, &ada, LinkPurpose::PasswordReset).await;
    let token = reset.link.split_once("token=").unwrap().1;
    for path in ["/invite", "/verify", "/setup"] {
        let page = Browser::new(&server.issuer).open(&format!("{path}?token={token}")).await.page();
        assert!(is_over(&page) || page.has("#error") || page.has("#already-set-up"), "{path}: {}", page.html);
    }
    for query in ["", "?token=", "?token=guess"] {
        for kind in LinkKind::ALL {
            let page = Browser::new(&server.issuer).open(&format!("{}{query}", kind.path())).await.page();
            assert!(is_over(&page), "{query}");
        }
    }
    // The form of one page with the token of another link.
    let email = link(&server, &ada, change_of_email()).await;
    let (browser, page) = open(&server, &email).await;
    assert!(browser.submit(&page, &[("token", token)]).await.page().has("#error"));
    assert_eq!(open(&server, &reset).await.1.status, 200, "it is not spent");
}

#[tokio::test]
async fn a_form_that_does_not_fit_is_shown_again_and_the_link_still_works() {
    let server = TestServer::start().await;
    let ada = invited(&server, "ada.lovelace").await;
    let (browser, mut page) = open(&server, &link(&server, &ada, LinkPurpose::Invitation).await).await;
    for (password, again) in [
        ("short", "short"),
        (NEW, "another one"),
        ("ada.lovelace", "ada.lovelace"),
        ("password1", "password1"),
    ] {
        page = browser.submit(&page, &[("password", password), ("password_again", again)]).await.page();
        assert_eq!(page.status, 422, "{password}");
        assert!(page.has("[role=alert]") && page.has("#accept"));
        assert!(!page.html.contains(&format!("value=\"{password}\"")) || password == "ada.lovelace");
    }
    assert_eq!(browser.submit(&page, &FORM).await.page().status, 200);
}

#[tokio::test]
async fn the_form_works_only_in_the_browser_that_opened_it_and_from_our_own_page() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let link = link(&server, &ada, LinkPurpose::PasswordReset).await;
    let (browser, page) = open(&server, &link).await;
    let other = Browser::new(&server.issuer);
    assert!(other.submit(&page, &FORM).await.page().has("#error"), "without cookies");
    other.open(&link.link).await;
    assert!(other.submit(&page, &FORM).await.page().has("#error"), "with the cookie of another browser");
    let fields: Vec<_> =
        page.form().1.into_iter().chain(FORM.map(|(k, v)| (k.to_owned(), v.to_owned()))).collect();
    let forged =
        browser.http().post(server.url("/reset")).header(ORIGIN, "https://evil.example").form(&fields);
    assert_eq!(forged.send().await.unwrap().status(), 400);
    assert!(browser.submit(&page, &FORM).await.page().has("#link-done"));
}

#[tokio::test]
async fn the_token_is_kept_from_caches_frames_and_other_sites() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    for purpose in [LinkPurpose::PasswordReset, change_of_email()] {
        let link = link(&server, &ada, purpose).await;
        let answer = reqwest::get(&link.link).await.unwrap();
        let header = |name| answer.headers()[&name].to_str().unwrap().to_owned();
        assert_eq!(header(CACHE_CONTROL), "no-store");
        assert_eq!(header(REFERRER_POLICY), "same-origin");
        assert!(header(CONTENT_SECURITY_POLICY).contains("frame-ancestors 'none'"));
        let html = answer.text().await.unwrap();
        assert!(!html.contains("href=\"http"), "nothing leads to another site: {html}");
    }
}

#[tokio::test]
async fn a_newer_link_a_new_password_or_an_operator_ends_a_link() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let first = link(&server, &ada, LinkPurpose::PasswordReset).await;
    let second = link(&server, &ada, LinkPurpose::PasswordReset).await;
    assert!(is_over(&open(&server, &first).await.1));
    server.users.set_password(&ada, &Secret::from(NEW), Actor::CommandLine).await.unwrap();
    assert!(is_over(&open(&server, &second).await.1));
    let third = link(&server, &ada, LinkPurpose::PasswordReset).await;
    server.users.set_enabled(ada.id, false, Actor::CommandLine).await.unwrap();
    assert!(is_over(&open(&server, &third).await.1));
    assert!(server.links.issue(&ada, LinkPurpose::PasswordReset, Actor::CommandLine).await.is_err());
}
