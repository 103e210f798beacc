//! Attacks on the second step: guessing it, skipping it, and using it for another user or browser.

use std::net::{IpAddr, Ipv4Addr};

use chrono::Duration;
use domain::client::ClientAuthentication;
use domain::{Actor, GrantType};
use reqwest::StatusCode;
use tests::support::{
    Authenticator, Browser, Callback, Landed, PASSWORD, RelyingParty, TestServer, TwoNodes, logged_lines,
};

use super::{APP, enrol, enrolled, for_recovery_code, is_signed_in, second_step};
use crate::device::{begin, television};

#[tokio::test]
async fn guessing_six_digits_is_limited_over_all_addresses_and_the_limit_passes() {
    let server = TestServer::start().await;
    let (_, app, codes) = enrolled(&server).await;
    let wrong = app.wrong_code(server.now());
    for number in 0..10 {
        let address = IpAddr::V4(Ipv4Addr::new(127, 0, 9, number + 1));
        let attacker = Browser::calling_from(&server.issuer, address);
        let step = second_step(&attacker, "ada").await;
        assert_eq!(attacker.submit(&step, &[("code", &wrong)]).await.page().status, 422, "{number}");
    }
    let attacker = Browser::new(&server.issuer);
    let step = second_step(&attacker, "ada").await;
    let limited = attacker.submit(&step, &[("code", &app.code(server.now()))]).await.page();
    assert_eq!(limited.status, StatusCode::TOO_MANY_REQUESTS, "also for the right code");
    assert_eq!(limited.headers["retry-after"], "900");
    let page = for_recovery_code(&attacker, &step).await;
    assert_eq!(attacker.submit(&page, &[("code", &codes[0])]).await.page().status, 429, "one limit for both");
    assert!(!is_signed_in(&attacker).await);
    server.clock.advance(Duration::seconds(900));
    let step = second_step(&attacker, "ada").await;
    assert_eq!(attacker.submit(&step, &[("code", &app.code(server.now()))]).await.page().status, 200);
}

#[tokio::test]
async fn strangers_lock_no_known_browser_out_and_a_password_forgives_them_nothing() {
    let server = TestServer::with(|settings| settings.authentication_ceiling = 4).await;
    server.user("ada").await;
    let (_, app, _) = enrol(&server, "ada").await;
    let known = Browser::new(&server.issuer);
    let step = second_step(&known, "ada").await;
    assert_eq!(known.submit(&step, &[("code", &app.code(server.now()))]).await.page().status, 200);
    server.clock.advance(Duration::seconds(60));
    let wrong = app.wrong_code(server.now());
    for _ in 0..4 {
        // The right password each time.
        let attacker = Browser::new(&server.issuer);
        let step = second_step(&attacker, "ada").await;
        assert_eq!(attacker.submit(&step, &[("code", &wrong)]).await.page().status, 422);
    }
    server.clock.advance(Duration::hours(2));
    let attacker = Browser::new(&server.issuer);
    let step = second_step(&attacker, "ada").await;
    let limited = attacker.submit(&step, &[("code", &app.code(server.now()))]).await.page();
    assert_eq!(limited.status, 429, "the ceiling outlasts the window");
    let step = second_step(&known, "ada").await;
    assert_eq!(known.submit(&step, &[("code", &app.code(server.now()))]).await.page().status, 200);
}

#[tokio::test]
async fn browsers_that_only_the_password_made_known_share_the_counters_of_strangers() {
    let server = TestServer::with(|settings| settings.authentication_limit.attempts = 4).await;
    server.user("ada").await;
    // Somebody who knows the password collects cookies of known browsers before the app is turned on.
    let mut browsers = Vec::new();
    for _ in 0..3 {
        let browser = Browser::new(&server.issuer);
        browser.sign_in(&browser.open("/login").await.page(), "ada").await;
        browsers.push(browser);
    }
    let (_, app, _) = enrol(&server, "ada").await;
    let wrong = app.wrong_code(server.now());
    let mut statuses = Vec::new();
    for browser in browsers.iter().cycle().take(6) {
        let step = second_step(browser, "ada").await;
        statuses.push(browser.submit(&step, &[("code", &wrong)]).await.page().status.as_u16());
    }
    assert_eq!(statuses, [422, 422, 422, 422, 429, 429]);
}

#[tokio::test]
async fn the_limit_of_guesses_holds_across_nodes() {
    let nodes = TwoNodes::start().await;
    nodes.a.user("ada").await;
    let (_, app, _) = {
        let browser = Browser::new(&nodes.issuer);
        let page = browser.sign_in(&browser.open(APP).await.page(), "ada").await.page();
        let app = Authenticator::scan(&page);
        let done = browser.submit(&page, &[("code", &app.code(nodes.a.now()))]).await.page();
        (browser, app, done)
    };
    let wrong = app.wrong_code(nodes.a.now());
    let browser = Browser::new(&nodes.issuer);
    let step = second_step(&browser, "ada").await;
    for number in 0..10 {
        assert_eq!(browser.submit(&step, &[("code", &wrong)]).await.page().status, 422, "{number}");
    }
    for _ in 0..2 {
        assert_eq!(browser.submit(&step, &[("code", &wrong)]).await.page().status, 429);
    }
}

#[tokio::test]
async fn a_page_of_the_second_step_is_useless_in_another_browser_and_without_a_password() {
    let server = TestServer::start().await;
    let (_, app, _) = enrolled(&server).await;
    let browser = Browser::new(&server.issuer);
    let step = second_step(&browser, "ada").await;
    let thief = Browser::new(&server.issuer);
    thief.open("/login").await;
    assert!(!thief.open(&step.url).await.page().has("#continue"));
    let stolen = thief.submit(&step, &[("code", &app.code(server.now()))]).await.page();
    assert!(stolen.status.is_client_error() && !is_signed_in(&thief).await);
    // An interaction in which no password was right.
    let login = thief.open("/login").await.page();
    let (_, fields) = login.form();
    let interaction = &fields.iter().find(|(name, _)| name == "interaction").unwrap().1;
    for path in ["second-step", "enrol"] {
        let page = thief.open(&format!("/login/{path}?interaction={interaction}")).await.page();
        assert!(page.status.is_client_error(), "{path}: {}", page.html);
        let mut fields = fields.clone();
        fields.push(("code".to_owned(), app.code(server.now())));
        let posted = thief.post(&format!("/login/{path}"), &fields).await.page();
        assert!(posted.status.is_client_error() && !is_signed_in(&thief).await, "{path}");
    }
    // A form token of another page.
    let other = second_step(&browser, "ada").await;
    let (_, mut fields) = step.form();
    let token = other.form().1.into_iter().find(|(name, _)| name == "form_token").unwrap();
    fields.retain(|(name, _)| name != "form_token");
    fields.extend([token, ("code".to_owned(), app.code(server.now()))]);
    let crossed = browser.post("/login/second-step", &fields).await.page();
    assert!(crossed.status.is_client_error() && !is_signed_in(&browser).await);
}

#[tokio::test]
async fn a_code_of_another_user_is_wrong_and_a_second_step_ends_with_the_password_and_with_the_user() {
    let server = TestServer::start().await;
    let (ada, app, _) = enrolled(&server).await;
    server.user("eve").await;
    let (_, of_eve, codes_of_eve) = enrol(&server, "eve").await;
    let browser = Browser::new(&server.issuer);
    let step = second_step(&browser, "ada").await;
    assert_eq!(browser.submit(&step, &[("code", &of_eve.code(server.now()))]).await.page().status, 422);
    let page = for_recovery_code(&browser, &step).await;
    assert_eq!(browser.submit(&page, &[("code", &codes_of_eve[0])]).await.page().status, 422);
    let password = domain::Secret::from("another battery staple");
    server.users.set_password(&ada, &password, Actor::CommandLine).await.unwrap();
    let again = browser.submit(&step, &[("code", &app.code(server.now()))]).await.page();
    assert!(again.has("#login") && !is_signed_in(&browser).await, "the password was changed meanwhile");
    let browser = Browser::new(&server.issuer);
    let step = second_step(&browser, "eve").await;
    let eve = server.users.find_by_sign_in_name(&"eve".parse().unwrap()).await.unwrap();
    server.users.set_enabled(eve.id, false, Actor::CommandLine).await.unwrap();
    let again = browser.submit(&step, &[("code", &of_eve.code(server.now()))]).await.page();
    assert!(again.has("#login") && !is_signed_in(&browser).await, "the user was disabled meanwhile");
}

#[tokio::test]
async fn nobody_with_the_password_turns_on_another_app_or_looks_at_the_account() {
    let server = TestServer::start().await;
    let (ada, ..) = enrolled(&server).await;
    let attacker = Browser::new(&server.issuer);
    let step = second_step(&attacker, "ada").await;
    let enrolment = step.url.replace("/second-step?", "/enrol?");
    let page = attacker.open(&enrolment).await.page();
    assert!(page.url.contains("/second-step?") && !page.has("#turn-on"), "{}", page.html);
    for path in [APP, "/account/security/codes"] {
        assert!(attacker.open(path).await.page().has("#login"), "{path}");
    }
    let (_, fields) = step.form();
    let posted = attacker.post("/login/enrol", &fields).await.page();
    assert!(posted.url.contains("/second-step?"), "{}", posted.html);
    assert_eq!(server.ports.second_factors.find(ada.id).await.unwrap().recovery_codes, 10);
}

#[tokio::test]
async fn no_endpoint_takes_the_password_alone() {
    let server = TestServer::with(|settings| settings.password_grant = true).await;
    enrolled(&server).await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    second_step(&browser, "ada").await;
    // `prompt=none`, an ordinary request, a pushed one.
    let silent = browser.open(&web.authorization_url(&[("prompt", "none")])).await.client();
    assert_eq!(Callback::from_url(&silent).get("error"), Some("login_required"));
    assert!(browser.open(&web.authorization_url(&[])).await.page().has("#login"));
    let request = web.authorization_url(&[]);
    let query = request.split_once('?').unwrap().1;
    let fields: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .filter(|(name, _)| *name != "client_id")
        .collect();
    let pushed = RelyingParty::successful_with(web.post("/oauth/par", &fields).await, 201).await;
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("client_id", "web"), ("request_uri", pushed.text("request_uri"))])
        .finish();
    let login = browser.open(&format!("/oauth/authorize?{query}")).await.page();
    assert!(login.has("#login"));
    let step = browser.sign_in(&login, "ada").await.page();
    assert!(step.has("input[autocomplete=one-time-code]") && !is_signed_in(&browser).await);
    // The pages of an interaction whose login is half finished.
    for path in ["/consent", "/login"] {
        let page = browser.open(&step.url.replace("/login/second-step", path)).await;
        assert!(matches!(&page, Landed::Page(page) if page.has("#login")), "{path}: {page:?}");
    }
    // The administrative API with the cookies of this browser.
    let api = browser.http().get(server.url("/admin/api/users")).send().await.unwrap();
    assert_eq!(api.status(), 401);
}

#[tokio::test]
async fn the_password_grant_is_refused_to_a_user_with_a_second_factor_like_a_wrong_password() {
    let server = TestServer::with(|settings| settings.password_grant = true).await;
    let (ada, ..) = enrolled(&server).await;
    let legacy = RelyingParty::register(&server, "legacy", |client| {
        client.grant_types = [GrantType::Password].into();
        client.redirect_uris.clear();
    })
    .await;
    let answer = async |password: &str| {
        let fields =
            [("grant_type", "password"), ("username", "ada"), ("password", password), ("scope", "read")];
        let answer = legacy.token(&fields).await;
        let status = answer.status();
        let mut body: serde_json::Value = answer.json().await.unwrap();
        body.as_object_mut().unwrap().retain(|name, _| name != "error_uri");
        (status, body["error"].clone(), body["error_description"].clone())
    };
    assert_eq!(answer(PASSWORD).await, answer("wrong").await, "a stranger learns nothing");
    let reason = format!("the user {} needs a second factor", ada.id);
    assert_eq!(logged_lines(&reason).len(), 1);
}

#[tokio::test]
async fn a_device_is_not_approved_before_the_second_step() {
    let server = TestServer::start().await;
    let (_, app, _) = enrolled(&server).await;
    let television = television(&server, "television").await;
    let begun = begin(&television, "read").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(begun.text("verification_uri_complete")).await.page();
    let step = browser.sign_in(&login, "ada").await.page();
    assert!(step.has("input[autocomplete=one-time-code]"), "{}", step.html);
    let page = browser.open(&step.url.replace("/login/second-step", "/oauth/device/verify")).await.page();
    assert!(page.has("#login"), "{}", page.html);
    let next = browser.submit(&step, &[("code", &app.code(server.now()))]).await.page();
    assert!(next.url.contains("/oauth/device/verify"), "{}", next.url);
}

#[tokio::test]
async fn a_session_of_another_user_in_the_browser_does_not_survive_the_second_step() {
    let server = TestServer::start().await;
    let (_, app, _) = enrolled(&server).await;
    server.user("eve").await;
    let browser = Browser::new(&server.issuer);
    browser.sign_in(&browser.open("/login").await.page(), "eve").await;
    let session = |browser: &Browser| {
        browser.cookies().into_iter().find(|(name, _)| name.contains("session")).unwrap().1
    };
    let of_eve = session(&browser);
    let step = second_step(&browser, "ada").await;
    assert_eq!(session(&browser), of_eve, "nothing has changed yet");
    let home = browser.submit(&step, &[("code", &app.code(server.now()))]).await.page();
    assert!(home.text("body").contains("ada") && session(&browser) != of_eve);
    let old = browser
        .cookies()
        .into_iter()
        .map(|(name, value)| if name.contains("session") { (name, of_eve.clone()) } else { (name, value) });
    let old: Vec<_> = old.collect();
    assert!(!is_signed_in(&Browser::with_cookies(&server.issuer, &old)).await, "a fixed session is dead");
}

#[tokio::test]
async fn a_form_of_another_site_and_of_another_session_changes_no_factor() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    server.user("eve").await;
    let (browser, ..) = enrol(&server, "ada").await;
    let (of_eve, ..) = enrol(&server, "eve").await;
    for (path, decision) in [(APP, "turn_off"), ("/account/security/codes", "make")] {
        let page = browser.open(path).await.page();
        let (_, mut fields) = page.form();
        fields.push(("decision".to_owned(), decision.to_owned()));
        let foreign =
            browser.http().post(server.url(path)).header("origin", "https://evil.example").form(&fields);
        assert_eq!(foreign.send().await.unwrap().status(), 400, "{path}");
        let (_, stolen) = of_eve.open(path).await.page().form();
        let mut crossed = fields.clone();
        crossed.retain(|(name, _)| name != "form_token");
        crossed.extend(stolen.into_iter().filter(|(name, _)| name == "form_token"));
        assert_eq!(browser.post(path, &crossed).await.page().status, 400, "{path}");
        crossed.retain(|(name, _)| name != "form_token");
        assert_eq!(browser.post(path, &crossed).await.page().status, 400, "{path}");
        assert!(page.headers["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"));
    }
    let kept = server.ports.second_factors.find(ada.id).await.unwrap();
    assert!(kept.app.is_some() && kept.recovery_codes == 10);
}

#[tokio::test]
async fn a_public_client_with_refresh_tokens_goes_on_and_a_new_login_asks_for_the_code() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let app = RelyingParty::register(&server, "app", |client| {
        client.authentication = ClientAuthentication::None;
    })
    .await;
    let browser = Browser::new(&server.issuer);
    let tokens = app.tokens(&browser, "ada", &[]).await;
    enrol(&server, "ada").await;
    let refreshed = RelyingParty::successful(app.refresh(tokens.text("refresh_token")).await).await;
    assert_eq!(refreshed.claims("id_token")["amr"], serde_json::json!(["pwd"]), "as it was granted");
    let login = browser.open(&app.authorization_url(&[("prompt", "login")])).await.page();
    assert!(browser.sign_in(&login, "ada").await.page().has("input[autocomplete=one-time-code]"));
}
