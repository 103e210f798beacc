//! Signing in, and guessing passwords.

use application::port::{Passwords, PasswordsError};
use async_trait::async_trait;
use chrono::Duration;
use domain::Actor;
use domain::user::PasswordHash;
use tests::support::{Browser, Landed, PASSWORD, Page, RelyingParty, TestServer, logged};

async fn attempt(browser: &Browser, page: &Page, username: &str, password: &str) -> Landed {
    browser.submit(page, &[("username", username), ("password", password)]).await
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_look_the_same() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    let wrong = attempt(&browser, &login, "ada", "wrong").await.page();
    let nobody = attempt(&browser, &login, "nobody", PASSWORD).await.page();
    for (page, username) in [(&wrong, "ada"), (&nobody, "nobody")] {
        assert_eq!(page.status, 422);
        assert_eq!(page.attribute("input[name=username]", "value"), username, "it need not be typed again");
        assert_eq!(page.attribute("input[name=password]", "value"), "");
    }
    assert_eq!(wrong.text("[role=alert]"), nobody.text("[role=alert]"));
    let home = attempt(&browser, &wrong, "ada", PASSWORD).await.page();
    assert!(
        home.text("body").contains("ada"),
        "a login without an authorization request leads to the home page"
    );
}

#[tokio::test]
async fn a_user_name_is_found_in_any_case() {
    let server = TestServer::start().await;
    server.user("Ada").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    assert!(attempt(&browser, &login, " aDA ", PASSWORD).await.page().text("body").contains("Ada"));
}

#[tokio::test]
async fn guessing_is_limited_per_account_and_address_and_the_limit_passes() {
    let server = TestServer::start().await;
    server.user("ada").await;
    server.user("eve").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    for _ in 0..10 {
        assert_eq!(attempt(&browser, &login, "ada", "wrong").await.page().status, 422);
    }
    // Even the correct password is refused until the window has passed, or the answer would reveal
    // which guess was correct.
    let limited = attempt(&browser, &login, "ada", PASSWORD).await.page();
    assert_eq!(limited.status, 429);
    let seconds: i64 = limited.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert_eq!(seconds, 900);
    assert!(limited.text("[role=alert]").contains("15 min"));
    // Other users are not locked out.
    let login = Browser::new(&server.issuer).open("/login").await.page();
    assert!(login.has("#login"));
    let eve = browser.open("/login").await.page();
    assert!(attempt(&browser, &eve, "eve", PASSWORD).await.page().text("body").contains("eve"));

    server.clock.advance(Duration::seconds(seconds));
    let login = browser.open("/login").await.page();
    assert_eq!(attempt(&browser, &login, "ada", PASSWORD).await.page().status, 200);
}

#[tokio::test]
async fn signing_in_often_is_not_guessing() {
    let server = TestServer::start().await;
    server.user("ada").await;
    for _ in 0..12 {
        let browser = Browser::new(&server.issuer);
        let login = browser.open("/login").await.page();
        assert_eq!(attempt(&browser, &login, "ada", PASSWORD).await.page().status, 200);
    }
}

#[tokio::test]
async fn one_address_cannot_try_many_accounts() {
    let server = TestServer::with(|settings| settings.authentication_limit.attempts = 1).await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    server.user("ada").await;
    for number in 0..100 {
        let name = format!("user-{number}");
        assert_eq!(attempt(&browser, &login, &name, "wrong").await.page().status, 422);
    }
    // Whether the name exists or not.
    for name in ["ada", "nobody"] {
        assert_eq!(attempt(&browser, &login, name, "wrong").await.page().status, 429);
    }
}

#[tokio::test]
async fn an_office_is_not_locked_out_by_invented_names() {
    let server = TestServer::with(|settings| settings.authentication_limit.attempts = 1).await;
    server.user("ada").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    for number in 0..40 {
        let name = format!("nobody-{number}");
        assert_eq!(attempt(&browser, &login, &name, "wrong").await.page().status, 422);
        // Each of them is limited like a real one.
        assert_eq!(attempt(&browser, &login, &name, "wrong").await.page().status, 429);
    }
    assert_eq!(attempt(&browser, &login, "ada", PASSWORD).await.page().status, 200);
}

#[tokio::test]
async fn a_form_that_is_sent_twice_signs_in_all_the_same() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    let fields = [("username", "ada"), ("password", PASSWORD)];
    let (first, second) = tokio::join!(browser.submit(&login, &fields), browser.submit(&login, &fields));
    for landed in [first, second] {
        assert!(!landed.page().text("body").contains("expired"));
    }
    assert!(browser.open("/").await.page().text("body").contains("signed in as ada"));
}

#[tokio::test]
async fn a_disabled_user_cannot_sign_in() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    server.users.set_enabled(ada.id, false, Actor::CommandLine).await.unwrap();
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    assert_eq!(attempt(&browser, &login, "ada", PASSWORD).await.page().status, 422);
}

#[tokio::test]
async fn a_very_long_password_is_refused_like_any_wrong_one() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    assert_eq!(attempt(&browser, &login, "ada", &"x".repeat(30_000)).await.page().status, 422);
    let oversized = attempt(&browser, &login, "ada", &"x".repeat(70_000)).await.page();
    assert_eq!(oversized.status, 413);
    assert!(oversized.has("#error"));
}

#[tokio::test]
async fn the_login_form_works_only_on_its_own_page() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    let (action, hidden) = login.form();
    let credentials =
        [("username", "ada"), ("password", PASSWORD)].map(|(k, v)| (k.to_owned(), v.to_owned()));
    for drop in ["form_token", "interaction"] {
        let mut fields = hidden.clone();
        fields.retain(|(name, _)| name != drop);
        fields.extend(credentials.clone());
        assert!(browser.post(&action, &fields).await.page().has("#error"), "without {drop}");
    }
    let mut fields = hidden;
    fields.extend(credentials);
    let request =
        browser.http().post(server.url(&action)).header("sec-fetch-site", "cross-site").form(&fields);
    assert_eq!(request.send().await.unwrap().status(), 400);
    assert_eq!(browser.post(&action, &fields).await.page().status, 200);
}

#[tokio::test]
async fn cookies_are_http_only_and_lax() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let answer = browser.http().get(web.authorization_url(&[])).send().await.unwrap();
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"),
        "{cookie}"
    );
    let login = browser.open(&web.authorization_url(&[])).await.page();
    let (action, mut fields) = login.form();
    fields.extend([("username", "ada"), ("password", PASSWORD)].map(|(k, v)| (k.to_owned(), v.to_owned())));
    let answer = browser.http().post(server.url(&action)).form(&fields).send().await.unwrap();
    assert_eq!(answer.status(), 303);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Max-Age=43200"),
        "{cookie}"
    );

    let secure =
        TestServer::with(|settings| settings.issuer = "https://login.example.com".parse().unwrap()).await;
    // The server itself serves plain http: TLS ends at a proxy in front of it.
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let answer = http.get(format!("{}/login", secure.listening)).send().await.unwrap();
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("__Host-") && cookie.contains("Secure"), "{cookie}");
    assert!(answer.headers().contains_key("strict-transport-security"));
}

/// Hashes like the older server: `1:` and the password; the server of today writes `2:`.
struct Renewed;

#[async_trait]
impl Passwords for Renewed {
    async fn hash(&self, password: &str) -> Result<PasswordHash, PasswordsError> {
        Ok(PasswordHash::new(format!("2:{password}")))
    }

    async fn verify(&self, password: &str, hash: Option<&PasswordHash>) -> Result<bool, PasswordsError> {
        Ok(hash.is_some_and(|hash| hash.expose().split_once(':').is_some_and(|(_, kept)| kept == password)))
    }

    fn is_outdated(&self, hash: &PasswordHash) -> bool {
        hash.expose().starts_with("1:")
    }
}

#[tokio::test]
async fn a_password_hash_with_old_parameters_is_renewed_at_a_sign_in_and_no_session_ends() {
    let server = TestServer::with_ports(|ports| ports.passwords = std::sync::Arc::new(Renewed)).await;
    let ada = server.user("ada").await;
    let kept = async || server.ports.users.find(ada.id).await.unwrap().unwrap().password.unwrap();
    let old = PasswordHash::new(format!("1:{PASSWORD}"));
    server.ports.users.renew_hash(ada.id, &kept().await, &old).await.unwrap();
    let (first, second) = (Browser::new(&server.issuer), Browser::new(&server.issuer));
    let login = first.open("/login").await.page();
    let failed = attempt(&first, &login, "ada", "wrong");
    assert!(failed.await.page().has("#login"));
    assert_eq!(kept().await, old, "a wrong password renews nothing");
    for browser in [&first, &second] {
        assert!(browser.sign_in(&browser.open("/login").await.page(), "ada").await.page().has("main"));
        assert_eq!(kept().await.expose(), format!("2:{PASSWORD}"));
    }
    assert!(first.open("/").await.page().text("header").contains("ada"));
}

#[tokio::test]
async fn a_wrong_password_and_a_wrong_user_code_have_a_reference_and_one_line_in_the_log() {
    let server = TestServer::with(|settings| settings.authentication_limit.attempts = 2).await;
    let ada = server.user("ada").await;
    let browser = Browser::new(&server.issuer);
    let page = browser.open("/login").await.page();
    let line_of = |page: &Page| logged(page.headers["error-reference"].to_str().unwrap());
    for (username, status, reason) in [
        ("nobody", 422, "unknown user name"),
        ("ada", 422, "wrong password"),
        ("ada", 422, "wrong password"),
        ("ada", 429, "too many failures"),
    ] {
        let refused = attempt(&browser, &page, username, "wrong").await.page();
        assert_eq!(refused.status, status, "{username}");
        let line = line_of(&refused);
        let user = (username == "ada").then(|| ada.id.to_string());
        assert_eq!((line["reason"].as_str(), line["address"].as_str()), (Some(reason), Some("127.0.0.1")));
        assert_eq!(line["user"].as_str(), user.as_deref(), "{line}");
    }
    server.user("eve").await;
    let device = browser.open("/oauth/device/verify").await.page();
    let device = browser.sign_in(&device, "eve").await.page();
    for (status, reason) in [(422, "user code"), (422, "user code"), (429, "too many")] {
        let refused = browser.submit(&device, &[("user_code", "BCDF-GHJK")]).await.page();
        assert_eq!(refused.status, status);
        let line = line_of(&refused);
        assert_eq!((line["guessed"].as_str(), line["level"].as_str()), (Some("user_code"), Some("WARN")));
        assert!(line["reason"].as_str().unwrap().contains(reason), "{line}");
        assert!(!line.to_string().contains("BCDF"), "{line}");
    }
}
