//! Sessions: when the server asks for the password again, and how a session ends.

use chrono::Duration;
use serde_json::json;
use tests::support::{Browser, Callback, Landed, RelyingParty, TestServer};

#[tokio::test]
async fn a_session_spares_the_login_until_it_expires() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    browser.sign_in_and_consent(&web.authorization_url(&[]), "ada").await;
    server.clock.advance(Duration::hours(12) - Duration::seconds(1));
    assert!(matches!(browser.open(&web.authorization_url(&[])).await, Landed::Client(_)));
    server.clock.advance(Duration::seconds(1));
    assert!(browser.open(&web.authorization_url(&[])).await.page().has("#login"));
}

#[tokio::test]
async fn prompt_login_shows_the_form_once() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let first = web.tokens(&browser, "ada", &[]).await.claims("id_token");
    server.clock.advance(Duration::seconds(5));
    for prompt in ["login", "select_account", "login consent"] {
        let login = browser.open(&web.authorization_url(&[("prompt", prompt)])).await.page();
        assert!(login.has("#login"), "{prompt}");
        let mut landed = browser.sign_in(&login, "ada").await;
        if prompt.contains("consent") {
            landed = browser.allow(&landed.page()).await;
        }
        let tokens = web.redeemed(Callback::from_url(&landed.client()).code()).await;
        let second = tokens.claims("id_token");
        assert!(second["auth_time"].as_i64() > first["auth_time"].as_i64(), "{prompt}");
        assert_eq!(second["sid"], first["sid"], "a second login keeps the session");
    }
}

#[tokio::test]
async fn max_age_asks_again_when_the_login_is_too_old() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let first = web.tokens(&browser, "ada", &[]).await.claims("id_token");
    server.clock.advance(Duration::seconds(2));

    let again = web.tokens(&browser, "ada", &[("max_age", "10000")]).await.claims("id_token");
    assert_eq!(again["auth_time"], first["auth_time"]);

    for max_age in ["1", "0"] {
        server.clock.advance(Duration::seconds(2));
        let login = browser.open(&web.authorization_url(&[("max_age", max_age)])).await.page();
        let callback = Callback::from_url(&browser.sign_in(&login, "ada").await.client());
        let claims = web.redeemed(callback.code()).await.claims("id_token");
        assert_eq!(claims["auth_time"], json!(server.now().timestamp()), "max_age={max_age}");
    }
    server.clock.advance(Duration::seconds(2));
    let silent = web.authorization_url(&[("max_age", "1"), ("prompt", "none")]);
    assert_eq!(
        Callback::from_url(&browser.open(&silent).await.client()).get("error"),
        Some("login_required")
    );
}

#[tokio::test]
async fn another_login_of_the_browser_is_no_fresh_login_for_this_request() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    browser.sign_in_and_consent(&web.authorization_url(&[]), "ada").await;
    for field in [("prompt", "login"), ("prompt", "select_account"), ("max_age", "0")] {
        server.clock.advance(Duration::seconds(2));
        let mine = browser.open(&web.authorization_url(&[field])).await.page();
        let other = browser.open(&web.authorization_url(&[("prompt", "login")])).await.page();
        server.clock.advance(Duration::seconds(2));
        let _ = browser.sign_in(&other, "ada").await.client();
        server.clock.advance(Duration::seconds(2));
        // Whichever page of this request the browser opens: it asks for a login of its own.
        for page in [mine.url.clone(), mine.url.replace("/login?", "/consent?")] {
            assert!(browser.open(&page).await.page().has("#login"), "{field:?} {page}");
        }
        let callback = Callback::from_url(&browser.sign_in(&mine, "ada").await.client());
        let claims = web.redeemed(callback.code()).await.claims("id_token");
        assert_eq!(claims["auth_time"], json!(server.now().timestamp()), "{field:?}");
    }
}

#[tokio::test]
async fn a_consent_that_comes_too_long_after_its_login_asks_for_the_login_again() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let url = web.authorization_url(&[("max_age", "0"), ("prompt", "consent")]);
    let login = browser.open(&url).await.page();
    let consent = browser.sign_in(&login, "ada").await.page();
    server.clock.advance(Duration::minutes(5));
    assert!(browser.open(&consent.url).await.page().has("#allow"), "there is time to read the page");
    server.clock.advance(Duration::seconds(1));
    let login = browser.allow(&consent).await.page();
    assert!(login.has("#login"), "{}", login.html);
    let consent = browser.sign_in(&login, "ada").await.page();
    let callback = Callback::from_url(&browser.allow(&consent).await.client());
    let claims = web.redeemed(callback.code()).await.claims("id_token");
    assert_eq!(claims["auth_time"], json!(server.now().timestamp()));
}

#[tokio::test]
async fn the_login_for_a_request_counts_until_its_consent_is_given_and_for_its_user_only() {
    let server = TestServer::start().await;
    server.user("ada").await;
    server.user("eve").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let fresh = [("prompt", "login consent")];
    let login = browser.open(&web.authorization_url(&fresh)).await.page();
    let consent = browser.sign_in(&login, "ada").await.page();
    server.clock.advance(Duration::minutes(5));
    assert!(browser.open(&consent.url).await.page().has("#allow"), "the login is not asked for twice");
    // Another user signs in with this browser: the page asks for a login again.
    let other = browser.open(&web.authorization_url(&fresh)).await.page();
    assert!(browser.sign_in(&other, "eve").await.page().has("#allow"));
    assert!(browser.open(&consent.url).await.page().has("#login"));
}

#[tokio::test]
async fn the_cookie_changes_at_every_login_and_the_old_one_is_dead() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    browser.sign_in_and_consent(&web.authorization_url(&[]), "ada").await;
    let who = || async { browser.open("/account").await.page().text("header") };
    assert!(who().await.contains("ada"));

    let login = browser.open(&web.authorization_url(&[("prompt", "login")])).await.page();
    let (action, mut fields) = login.form();
    fields.extend(
        [("username", "ada"), ("password", tests::support::PASSWORD)]
            .map(|(k, v)| (k.to_owned(), v.to_owned())),
    );
    let first = browser.http().post(server.url(&action)).form(&fields).send().await.unwrap();
    let cookie = |answer: &reqwest::Response| {
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    };
    let earlier = cookie(&first);
    let login = browser.open(&web.authorization_url(&[("prompt", "login")])).await.page();
    browser.sign_in(&login, "ada").await;
    let stranger =
        reqwest::Client::new().get(server.url("/account")).header("cookie", earlier).send().await.unwrap();
    assert_eq!(stranger.url().path(), "/login");
    assert!(who().await.contains("ada"));
}

#[tokio::test]
async fn somebody_else_signing_in_ends_the_earlier_session() {
    let server = TestServer::start().await;
    server.user("ada").await;
    server.user("eve").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let ada = web.tokens(&browser, "ada", &[]).await;
    let login = browser.open(&web.authorization_url(&[("prompt", "select_account")])).await.page();
    let consent = browser.sign_in(&login, "eve").await.page();
    let eve = web.redeemed(Callback::from_url(&browser.allow(&consent).await.client()).code()).await;
    assert_ne!(eve.claims("id_token")["sid"], ada.claims("id_token")["sid"]);
    assert_eq!(web.userinfo(ada.text("access_token")).await.status(), 401);
    assert_eq!(web.userinfo(eve.text("access_token")).await.status(), 200);
}

#[tokio::test]
async fn an_id_token_hint_names_who_is_expected() {
    let server = TestServer::start().await;
    server.user("ada").await;
    server.user("eve").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let other = RelyingParty::confidential(&server, "other").await;
    let browser = Browser::new(&server.issuer);
    let tokens = web.tokens(&browser, "ada", &[]).await;
    let hint = tokens.text("id_token");
    let silent = [("prompt", "none"), ("id_token_hint", hint)];

    let callback = Callback::from_url(&browser.open(&web.authorization_url(&silent)).await.client());
    let same = web.redeemed(callback.code()).await.claims("id_token");
    assert_eq!(same["sub"], tokens.claims("id_token")["sub"]);

    let callback = Callback::from_url(&browser.open(&other.authorization_url(&silent)).await.client());
    assert_eq!(callback.get("error"), Some("invalid_request"), "the hint was not issued to this client");

    let eve = Browser::new(&server.issuer);
    eve.sign_in_and_consent(&web.authorization_url(&[]), "eve").await;
    let callback = Callback::from_url(&eve.open(&web.authorization_url(&silent)).await.client());
    assert_eq!(callback.get("error"), Some("login_required"));
    // On a page: the login form. If the wrong user signs in again, the answer is an error and no loop.
    let login = eve.open(&web.authorization_url(&[("id_token_hint", hint)])).await.page();
    let callback = Callback::from_url(&eve.sign_in(&login, "eve").await.client());
    assert_eq!(callback.get("error"), Some("login_required"));
}

#[tokio::test]
async fn an_unused_session_ends_and_a_used_one_goes_on_until_its_absolute_end() {
    let server = TestServer::with(|settings| {
        settings.lifetimes.session = Duration::hours(2);
        settings.lifetimes.session_idle = Duration::minutes(30);
    })
    .await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    browser.sign_in_and_consent(&web.authorization_url(&[]), "ada").await;
    let is_signed_in = async |browser: &Browser| {
        matches!(browser.open(&web.authorization_url(&[])).await, Landed::Client(_))
    };
    // Every use begins the idle time anew, and is written only when it moves the end by some minutes.
    for _ in 0..4 {
        server.clock.advance(Duration::minutes(24));
        assert!(is_signed_in(&browser).await);
    }
    // 24 minutes before the absolute end, which no use moves.
    server.clock.advance(Duration::minutes(23));
    assert!(is_signed_in(&browser).await);
    server.clock.advance(Duration::minutes(1));
    assert!(!is_signed_in(&browser).await);
    let idle = Browser::new(&server.issuer);
    let tokens = web.tokens(&idle, "ada", &[]).await;
    server.clock.advance(Duration::minutes(30));
    assert!(!is_signed_in(&idle).await);
    // What was granted in the session has ended with it.
    assert_eq!(web.userinfo(tokens.text("access_token")).await.status(), 401);
    assert_eq!(web.refresh(tokens.text("refresh_token")).await.status(), 400);
}

#[tokio::test]
async fn a_refreshed_token_is_a_use_of_its_session() {
    let server = TestServer::with(|settings| settings.lifetimes.session_idle = Duration::minutes(30)).await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let mut tokens = web.tokens(&browser, "ada", &[]).await;
    for _ in 0..3 {
        server.clock.advance(Duration::minutes(24));
        tokens = RelyingParty::successful(web.refresh(tokens.text("refresh_token")).await).await;
    }
    assert!(matches!(browser.open(&web.authorization_url(&[])).await, Landed::Client(_)));
    server.clock.advance(Duration::minutes(31));
    assert_eq!(web.refresh(tokens.text("refresh_token")).await.status(), 400);
}

#[tokio::test]
async fn a_login_beyond_the_most_sessions_of_a_user_ends_the_oldest() {
    let server = TestServer::with(|settings| settings.sessions_per_user = 2).await;
    for name in ["ada", "eve"] {
        server.user(name).await;
    }
    let web = RelyingParty::confidential(&server, "web").await;
    let (eve, browsers) = (Browser::new(&server.issuer), [(); 3].map(|()| Browser::new(&server.issuer)));
    let of_eve = web.tokens(&eve, "eve", &[]).await;
    let mut tokens = Vec::new();
    for browser in &browsers {
        tokens.push(web.tokens(browser, "ada", &[]).await);
        server.clock.advance(Duration::seconds(1));
    }
    let mut status = Vec::new();
    for tokens in tokens.iter().chain([&of_eve]) {
        status.push(web.userinfo(tokens.text("access_token")).await.status().as_u16());
    }
    assert_eq!(status, [401, 200, 200, 200]);
    assert!(browsers[0].open(&web.authorization_url(&[])).await.page().has("#login"));
    // To sign in again in a browser with a session is no further session.
    let again = browsers[2].open(&web.authorization_url(&[("prompt", "login")])).await.page();
    assert!(matches!(browsers[2].sign_in(&again, "ada").await, Landed::Client(_)));
    assert!(matches!(browsers[1].open(&web.authorization_url(&[])).await, Landed::Client(_)));
}
