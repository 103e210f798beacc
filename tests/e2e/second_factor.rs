//! Authenticator apps, recovery codes, and the second step of a sign-in.

mod account;
mod attacks;
mod contexts;
mod required;

use chrono::Duration;
use domain::{SignInKind, User};
use serde_json::json;
use tests::support::{Authenticator, Browser, Landed, PASSWORD, Page, RelyingParty, TestServer};

/// The page where a person turns on an app.
const APP: &str = "/account/security/app";

/// Ada has turned on an app: she, the app, and her recovery codes. Its next code is one of a later step.
async fn enrolled(server: &TestServer) -> (User, Authenticator, Vec<String>) {
    let ada = server.user("ada").await;
    let (_, app, codes) = enrol(server, "ada").await;
    (ada, app, codes)
}

/// A user turns on an app in their account, in a browser of their own, which is signed in then.
async fn enrol(server: &TestServer, username: &str) -> (Browser, Authenticator, Vec<String>) {
    let browser = Browser::new(&server.issuer);
    let login = browser.open(APP).await.page();
    let page = browser.sign_in(&login, username).await.page();
    let app = Authenticator::scan(&page);
    let done = browser.submit(&page, &[("code", &app.code(server.now()))]).await.page();
    assert_eq!(done.status, 200, "{}", done.html);
    let codes = codes(&done);
    server.clock.advance(Duration::seconds(60));
    (browser, app, codes)
}

/// The recovery codes on a page.
fn codes(page: &Page) -> Vec<String> {
    let list = page.text("#recovery-codes");
    let codes: Vec<_> = list.split(' ').map(str::to_owned).collect();
    assert_eq!(codes.len(), 10, "{list}");
    codes
}

/// The page of the second step, after the right password.
async fn second_step(browser: &Browser, username: &str) -> Page {
    let login = browser.open("/login").await.page();
    let page = browser.sign_in(&login, username).await.page();
    assert!(page.url.contains("/login/second-step?"), "{}: {}", page.url, page.html);
    page
}

/// The page for a recovery code, reached by its link.
async fn for_recovery_code(browser: &Browser, page: &Page) -> Page {
    browser.open(&page.resolved(&page.attribute("#use-recovery", "href"))).await.page()
}

/// Whether the browser has a session.
async fn is_signed_in(browser: &Browser) -> bool {
    !browser.open("/account/devices").await.page().has("#login")
}

#[tokio::test]
async fn an_app_is_scanned_and_turned_on_and_from_then_on_a_sign_in_asks_for_its_code() {
    let server = TestServer::start().await;
    let (ada, app, _) = enrolled(&server).await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[])).await.page();
    let step = browser.sign_in(&login, "ada").await.page();
    assert_eq!(step.text("h1"), "One more step");
    assert!(step.text("body").contains("ada") && step.has("input[autocomplete=one-time-code]"));
    assert!(!is_signed_in(&browser).await, "the password alone signs nobody in");
    let code = app.code(server.now());
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    let consent = browser.submit(&step, &[("code", &spaced)]).await.page();
    let back = browser.allow(&consent).await.client();
    let tokens = web.redeemed(tests::support::Callback::from_url(&back).code()).await;
    let id_token = tokens.claims("id_token");
    assert_eq!(id_token["amr"], json!(["pwd", "otp", "mfa"]));
    assert_eq!(id_token["auth_time"], server.now().timestamp());
    assert_eq!(id_token["sub"], ada.id.to_string());
}

#[tokio::test]
async fn a_wrong_code_signs_nobody_in_and_nothing_has_to_be_typed_again_but_the_code() {
    let server = TestServer::start().await;
    let (_, app, _) = enrolled(&server).await;
    let browser = Browser::new(&server.issuer);
    let step = second_step(&browser, "ada").await;
    for code in [app.wrong_code(server.now()).as_str(), "", "12345", "abcdef"] {
        let again = browser.submit(&step, &[("code", code)]).await.page();
        assert_eq!(again.status, 422, "{code}");
        assert_eq!(again.text("[role=alert]"), "That code is wrong or used. Wait for the next one.");
        assert!(again.has("#continue") && !is_signed_in(&browser).await);
    }
    let home = browser.submit(&step, &[("code", &app.code(server.now()))]).await.page();
    assert!(home.text("body").contains("ada") && is_signed_in(&browser).await);
}

#[tokio::test]
async fn a_code_works_once_and_one_step_early_or_late() {
    let server = TestServer::start().await;
    let (_, app, _) = enrolled(&server).await;
    let now = server.now();
    for (shift, works) in [(0, true), (0, false), (-30, false), (30, true), (30, false), (60, false)] {
        let browser = Browser::new(&server.issuer);
        let step = second_step(&browser, "ada").await;
        let answer =
            browser.submit(&step, &[("code", &app.code(now + Duration::seconds(shift)))]).await.page();
        assert_eq!(answer.status, if works { 200 } else { 422 }, "{shift}");
    }
    // The code that turned the app on was one of them.
    server.user("bob").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(APP).await.page();
    let page = browser.sign_in(&login, "bob").await.page();
    let app = Authenticator::scan(&page);
    let code = app.code(server.now());
    assert_eq!(browser.submit(&page, &[("code", &code)]).await.page().status, 200);
    let other = Browser::new(&server.issuer);
    let step = second_step(&other, "bob").await;
    assert_eq!(other.submit(&step, &[("code", &code)]).await.page().status, 422);
}

#[tokio::test]
async fn a_recovery_code_replaces_the_app_once_and_the_history_tells() {
    let server = TestServer::start().await;
    let (ada, _, codes) = enrolled(&server).await;
    for (code, works) in [(codes[3].to_uppercase().replace('-', " "), true), (codes[3].clone(), false)] {
        let browser = Browser::new(&server.issuer);
        let step = second_step(&browser, "ada").await;
        let page = for_recovery_code(&browser, &step).await;
        assert!(page.text("body").contains("recovery code"));
        let answer = browser.submit(&page, &[("code", &code)]).await.page();
        assert_eq!(answer.status, if works { 200 } else { 422 }, "{code}");
        assert_eq!(is_signed_in(&browser).await, works);
    }
    assert_eq!(server.ports.second_factors.find(ada.id).await.unwrap().recovery_codes, 9);
    server.sign_in_recorder.flush().await;
    let filter = application::port::SignInFilter { user: Some(ada.id), ..Default::default() };
    let events = server.users.list_events(&filter, None, 100).await.unwrap();
    for kind in [SignInKind::FactorAdded, SignInKind::RecoveryCodeUsed, SignInKind::WrongCode] {
        assert_eq!(events.iter().filter(|event| event.kind == kind).count(), 1, "{kind:?}");
    }
}

#[tokio::test]
async fn cancelling_the_second_step_answers_the_application() {
    let server = TestServer::start().await;
    enrolled(&server).await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[])).await.page();
    let step = browser.sign_in(&login, "ada").await.page();
    let (_, mut fields) = step.form();
    fields.push(("decision".to_owned(), "cancel".to_owned()));
    let action = step.resolved(&step.attribute("#cancel", "formaction"));
    let back = browser.post(&action, &fields).await.client();
    assert_eq!(tests::support::Callback::from_url(&back).get("error"), Some("access_denied"));
    // Without an application there is nothing to answer: the way leads to the login page.
    let step = second_step(&Browser::new(&server.issuer), "ada").await;
    assert_eq!(step.attribute("#cancel", "href"), "/login");
}

#[tokio::test]
async fn a_second_step_that_takes_too_long_begins_again_with_the_password() {
    let server = TestServer::start().await;
    let (_, app, _) = enrolled(&server).await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[])).await.page();
    let step = browser.sign_in(&login, "ada").await.page();
    server.clock.advance(Duration::minutes(10));
    let again = browser.submit(&step, &[("code", &app.code(server.now()))]).await.page();
    assert!(again.has("#login") && again.has("[role=alert]"), "{}", again.html);
    // The request of the application is still there.
    let step = browser.sign_in(&again, "ada").await.page();
    let landed = browser.submit(&step, &[("code", &app.code(server.now()))]).await;
    assert!(landed.page().has("#allow"));
}

#[tokio::test]
async fn an_operator_sees_and_removes_the_factors_of_a_user_and_no_session_ends() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let (browser, ..) = enrol(&server, "ada").await;
    let ada = server.users.find_by_sign_in_name(&"ada".parse().unwrap()).await.unwrap();
    let factors = server.factors.show(ada.id).await.unwrap();
    let shown = serde_json::to_value(&factors).unwrap();
    assert_eq!(shown["factors"], json!(["authenticator_app", "recovery_code"]));
    assert_eq!(shown["recovery_codes"], 10);
    assert!(server.factors.reset(&ada, domain::Actor::CommandLine).await.unwrap());
    assert!(is_signed_in(&browser).await);
    let other = Browser::new(&server.issuer);
    let login = other.open("/login").await.page();
    assert!(
        other
            .submit(&login, &[("username", "ada"), ("password", PASSWORD)])
            .await
            .page()
            .text("body")
            .contains("ada")
    );
    assert!(is_signed_in(&other).await);
}

#[tokio::test]
async fn a_form_of_the_second_step_that_is_sent_twice_uses_the_code_once() {
    let server = TestServer::start().await;
    let (_, app, _) = enrolled(&server).await;
    let browser = Browser::new(&server.issuer);
    let step = second_step(&browser, "ada").await;
    let code = app.code(server.now());
    assert!(
        matches!(browser.submit(&step, &[("code", &code)]).await, Landed::Page(page) if page.status == 200)
    );
    let again = browser.submit(&step, &[("code", &code)]).await.page();
    assert!(again.text("body").contains("signed in"), "{}", again.html);
}
