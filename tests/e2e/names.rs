//! User names and e-mail addresses: what people type to sign in, and whom it belongs to.

use application::users::NewUser;
use chrono::Duration;
use domain::claims::ProfileClaims;
use domain::{Actor, GrantType, Secret, User};
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr};
use tests::support::{Browser, PASSWORD, Page, RelyingParty, TestServer};

async fn user(server: &TestServer, username: &str, email: &str) -> User {
    let claims: Value = json!({"email": email});
    let new = NewUser {
        username: username.parse().unwrap(),
        password: Some(Secret::from(PASSWORD)),
        claims: ProfileClaims::default().amended(claims.as_object().unwrap().clone()).unwrap(),
        administrator: false,
    };
    server.users.create(new, Actor::CommandLine).await.unwrap()
}

async fn attempt(browser: &Browser, name: &str, password: &str) -> Page {
    let login = browser.open("/login").await.page();
    browser.submit(&login, &[("username", name), ("password", password)]).await.page()
}

/// A browser at an address of its own.
fn stranger(server: &TestServer, number: u8) -> Browser {
    Browser::calling_from(&server.issuer, IpAddr::V4(Ipv4Addr::new(127, 0, 9, number)))
}

#[tokio::test]
async fn a_person_signs_in_by_user_name_or_e_mail_address_however_it_is_typed() {
    let server = TestServer::start().await;
    user(&server, "ada", "Ada@B\u{fc}cher.example").await;
    for name in
        ["ADA", "ada@b\u{fc}cher.example", " ADA@xn--bcher-kva.example ", "\u{ff41}da@bu\u{308}cher.example"]
    {
        let home = attempt(&Browser::new(&server.issuer), name, PASSWORD).await;
        assert_eq!(home.status, 200, "{name:?}");
        assert!(home.text("body").contains("signed in as ada"), "{name:?}: the user name is shown");
    }
    for name in ["ada@example.com", "ada@xn--bcher-kva.example.com", "@b\u{fc}cher.example"] {
        assert_eq!(attempt(&Browser::new(&server.issuer), name, PASSWORD).await.status, 422, "{name:?}");
    }
}

#[tokio::test]
async fn the_password_grant_takes_the_e_mail_address_too() {
    let server = TestServer::with(|settings| settings.password_grant = true).await;
    user(&server, "ada", "ada@example.com").await;
    let client = RelyingParty::register(&server, "web", |client| {
        client.grant_types = [GrantType::Password].into();
        client.redirect_uris.clear();
    })
    .await;
    for (name, status) in [("ADA@example.com", 200), ("bob@example.com", 400), ("a\u{200b}b", 400)] {
        let fields =
            [("grant_type", "password"), ("username", name), ("password", PASSWORD), ("scope", "read")];
        assert_eq!(client.token(&fields).await.status(), status, "{name:?}");
    }
}

#[tokio::test]
async fn an_address_that_nobody_has_and_a_text_that_is_no_name_look_like_a_wrong_password() {
    let server = TestServer::with(|settings| settings.authentication_limit.attempts = 2).await;
    user(&server, "ada", "ada@example.com").await;
    let mut seen = Vec::new();
    for name in ["ada@example.com", "nobody@example.com", "ada@", "a\u{200b}b", "a\u{0}b"] {
        let browser = Browser::new(&server.issuer);
        let mut answers = Vec::new();
        for _ in 0..3 {
            let page = attempt(&browser, name, "wrong").await;
            answers.push((page.status, page.text("[role=alert]")));
        }
        seen.push(answers);
    }
    assert_eq!(seen[0].iter().map(|(status, _)| status.as_u16()).collect::<Vec<_>>(), [422, 422, 429]);
    for other in &seen[1..] {
        assert_eq!(*other, seen[0]);
    }
}

#[tokio::test]
async fn guesses_by_name_and_by_address_count_together_and_the_answers_do_not_tell_it() {
    let server = TestServer::with(|settings| settings.authentication_limit.attempts = 4).await;
    user(&server, "ada", "ada@example.com").await;
    let browser = Browser::new(&server.issuer);
    for name in ["ada", "ada@example.com", "ada", "ada@example.com"] {
        assert_eq!(attempt(&browser, name, "wrong").await.status, 422);
    }
    // Four failures are the limit of the account. An address that belongs to nobody gets the same answers.
    let guess = async |name: &'static str, password: &'static str| {
        let page = attempt(&browser, name, password).await;
        (page.status.as_u16(), page.has("#login").then(|| page.text("[role=alert]")))
    };
    for _ in 0..2 {
        assert_eq!(attempt(&browser, "nobody@example.com", "wrong").await.status, 422);
    }
    for expected in [422, 422, 429] {
        let (own, others) =
            (guess("ada@example.com", PASSWORD).await, guess("nobody@example.com", PASSWORD).await);
        assert_eq!((own.0, &own), (expected, &others));
    }
    assert_eq!(guess("ada", PASSWORD).await.0, 422, "the right password, too");
    server.clock.advance(Duration::minutes(15));
    assert_eq!(guess("ada", PASSWORD).await.0, 200, "the limit passes");
    assert_eq!(attempt(&Browser::new(&server.issuer), "ada@example.com", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn all_failures_of_an_account_are_the_ceiling_whatever_was_typed() {
    let server = TestServer::with(|settings| settings.authentication_ceiling = 4).await;
    user(&server, "ada", "ada@example.com").await;
    let own = Browser::new(&server.issuer);
    assert_eq!(attempt(&own, "ada", PASSWORD).await.status, 200);
    for (number, name) in [(1, "ada"), (2, "ada@example.com"), (3, "ADA"), (4, "Ada@example.com")] {
        assert_eq!(attempt(&stranger(&server, number), name, "wrong").await.status, 422);
    }
    for (number, name) in [(5, "ada"), (6, "ada@example.com")] {
        assert_eq!(attempt(&stranger(&server, number), name, PASSWORD).await.status, 422, "{name}");
    }
    // A browser that the person has used is let in by either name, and forgives the failures of both.
    let device = own.cookies().into_iter().find(|(name, _)| name.starts_with("oauth2_device")).unwrap();
    let known = Browser::with_cookies(&server.issuer, &[device]);
    assert_eq!(attempt(&known, "ada@example.com", PASSWORD).await.status, 200);
    for (number, name) in [(7, "ada"), (8, "ada@example.com")] {
        assert_eq!(attempt(&stranger(&server, number), name, PASSWORD).await.status, 200, "{name}");
    }
}

#[tokio::test]
async fn the_login_page_asks_for_both_in_each_language_and_login_hint_fills_either_in() {
    let server = TestServer::start().await;
    let web = RelyingParty::confidential(&server, "web").await;
    for (language, label) in [
        ("en", "Username or e-mail"),
        ("de", "Benutzername oder E-Mail"),
        ("es", "Nombre de usuario o correo electr\u{f3}nico"),
        ("fr", "Nom d\u{2019}utilisateur ou adresse e-mail"),
        (
            "ja",
            "\u{30e6}\u{30fc}\u{30b6}\u{30fc}\u{540d}\u{307e}\u{305f}\u{306f}\u{30e1}\u{30fc}\u{30eb}\u{30a2}\u{30c9}\u{30ec}\u{30b9}",
        ),
        ("tr", "Kullan\u{131}c\u{131} ad\u{131} veya e-posta"),
    ] {
        let url = web.authorization_url(&[("ui_locales", language), ("login_hint", "ada@example.com")]);
        let page = Browser::new(&server.issuer).open(&url).await.page();
        assert_eq!(page.text("label[for=username]"), label);
        assert_eq!(page.attribute("#username", "value"), "ada@example.com");
    }
}
