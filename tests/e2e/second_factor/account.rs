//! The pages of a person's own account: turning an app on and off, new recovery codes.

use chrono::Duration;
use domain::letter::Message;
use tests::support::{Authenticator, Browser, PASSWORD, TestServer};

use super::{APP, codes, enrol, for_recovery_code, second_step};

const CODES: &str = "/account/security/codes";

#[tokio::test]
async fn nothing_is_turned_on_before_a_code_of_the_app_is_typed() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let browser = Browser::new(&server.issuer);
    let page = browser.sign_in(&browser.open(APP).await.page(), "ada").await.page();
    let app = Authenticator::scan(&page);
    let wrong = browser.submit(&page, &[("code", &app.wrong_code(server.now()))]).await.page();
    assert_eq!(wrong.status, 422);
    assert_eq!(Authenticator::scan(&wrong).code(server.now()), app.code(server.now()), "the same secret");
    let none = server.ports.second_factors.find(ada.id).await.unwrap();
    assert!(none.app.is_none() && none.recovery_codes == 0);
    let done = browser.submit(&wrong, &[("code", &app.code(server.now()))]).await.page();
    assert_eq!(codes(&done).len(), 10);
    assert!(browser.open(APP).await.page().has("#turn-off"));
}

#[tokio::test]
async fn a_wrong_clock_is_told() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let browser = Browser::new(&server.issuer);
    let page = browser.sign_in(&browser.open(APP).await.page(), "ada").await.page();
    let app = Authenticator::scan(&page);
    for (minutes, words) in [(-3, "3 minutes slow"), (10, "10 minutes fast")] {
        let code = app.code(server.now() + Duration::minutes(minutes));
        let told = browser.submit(&page, &[("code", &code)]).await.page();
        assert!(told.text("[role=alert]").contains(words), "{}", told.text("[role=alert]"));
    }
}

#[tokio::test]
async fn an_enrolment_form_that_is_sent_twice_shows_the_same_codes() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let browser = Browser::new(&server.issuer);
    let page = browser.sign_in(&browser.open(APP).await.page(), "ada").await.page();
    let code = Authenticator::scan(&page).code(server.now());
    let first = browser.submit(&page, &[("code", &code)]).await.page();
    let second = browser.submit(&page, &[("code", &code)]).await.page();
    assert_eq!(codes(&first), codes(&second));
    assert_eq!(first.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn turning_on_turning_off_and_new_codes_need_a_fresh_authentication() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let (browser, app, first) = enrol(&server, "ada").await;
    let (page, codes_page) = (browser.open(APP).await.page(), browser.open(CODES).await.page());
    assert!(codes_page.text("body").contains("You have 10 codes left."));
    server.clock.advance(Duration::minutes(6));
    for path in [APP, CODES] {
        assert!(browser.open(path).await.page().has("#login"), "{path}");
    }
    for (page, fields) in [(&page, &[("decision", "turn_off")][..]), (&codes_page, &[])] {
        let login = browser.submit(page, fields).await.page();
        assert!(login.has("#login"), "{}", login.html);
    }
    // The login leads back, with the second step in it.
    let login = browser.submit(&codes_page, &[]).await.page();
    let step = browser.sign_in(&login, "ada").await.page();
    let back = browser.submit(&step, &[("code", &app.code(server.now()))]).await.page();
    assert!(back.has("#make"), "{}", back.html);
    let made = browser.submit(&back, &[]).await.page();
    assert_ne!(codes(&made), first);
    let other = Browser::new(&server.issuer);
    let page = for_recovery_code(&other, &second_step(&other, "ada").await).await;
    assert_eq!(other.submit(&page, &[("code", &first[0])]).await.page().status, 422, "the old ones are gone");
    assert_eq!(other.submit(&page, &[("code", &codes(&made)[0])]).await.page().status, 200);
}

#[tokio::test]
async fn an_app_that_is_turned_off_is_asked_for_no_more_and_its_recovery_codes_are_gone() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let (browser, ..) = enrol(&server, "ada").await;
    let page = browser.open(APP).await.page();
    let after = browser.submit(&page, &[("decision", "turn_off")]).await.page();
    assert!(after.has("#app-change") && !after.has("#codes"), "{}", after.html);
    assert_eq!(server.ports.second_factors.find(ada.id).await.unwrap(), domain::UserFactors::default());
    assert!(browser.open(CODES).await.page().has("#app"));
    let other = Browser::new(&server.issuer);
    let login = other.open("/login").await.page();
    let home = other.submit(&login, &[("username", "ada"), ("password", PASSWORD)]).await.page();
    assert!(home.text("body").contains("ada"));
}

#[tokio::test]
async fn a_factor_that_is_turned_on_or_off_is_told_by_mail() {
    let server = TestServer::with_mail().await;
    let ada = server.user("ada").await;
    let (browser, ..) = enrol(&server, "ada").await;
    let told = server.sent().await;
    assert!(matches!(told[0].message, Message::FactorAdded { address: Some(_), .. }) && told.len() == 1);
    assert_eq!(told[0].to, "ada@example.com");
    let page = browser.open(APP).await.page();
    browser.submit(&page, &[("decision", "turn_off")]).await;
    let told = server.sent().await;
    assert!(matches!(told[0].message, Message::FactorRemoved { address: Some(_), .. }) && told.len() == 1);
    assert!(!server.factors.reset(&ada, domain::Actor::CommandLine).await.unwrap());
    assert!(server.sent().await.is_empty(), "there was nothing to remove");
}

#[tokio::test]
async fn a_deleted_user_takes_the_factors_along() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    enrol(&server, "ada").await;
    server.users.delete(ada.id, domain::Actor::CommandLine).await.unwrap();
    assert_eq!(server.ports.second_factors.find(ada.id).await.unwrap(), domain::UserFactors::default());
}
