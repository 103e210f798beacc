//! A passkey as the second step after the password.

use application::settings::{SecondFactor, Settings};
use domain::{GrantType, SignInKind};
use reqwest::StatusCode;
use serde_json::json;
use tests::support::{
    Authenticator, Browser, Callback, PASSWORD, Page, RelyingParty, SoftPasskey, TestServer,
};

use super::{PASSKEYS, add, counts, enrolled, is_signed_in, signed_in, start, submit_answer, use_passkey};

async fn step(browser: &Browser, username: &str) -> Page {
    let login = browser.open("/login").await.page();
    let page = browser.sign_in(&login, username).await.page();
    assert!(page.url.contains("/login/second-step?"), "{}: {}", page.url, page.html);
    page
}

#[tokio::test]
async fn after_the_password_the_passkey_comes_first_and_a_code_is_another_way() {
    let server = start().await;
    let (_, browser, mut passkey) = enrolled(&server).await;
    let page = browser.open("/account/security/app").await.page();
    let app = Authenticator::scan(&page);
    browser.submit(&page, &[("code", &app.code(server.now()))]).await;
    server.clock.advance(chrono::Duration::seconds(60));
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[])).await.page();
    let step = browser.sign_in(&login, "ada").await.page();
    assert!(step.has("#passkey") && step.has("#use-app") && step.has("#use-recovery"), "{}", step.html);
    assert!(!is_signed_in(&browser).await);
    let answer = passkey.sign(&step);
    let consent = submit_answer(&browser, &step, &answer).await.page();
    let back = browser.allow(&consent).await.client();
    let tokens = web.redeemed(Callback::from_url(&back).code()).await;
    assert_eq!(tokens.claims("id_token")["amr"], json!(["pwd", "hwk", "user", "mfa"]));
    let other = Browser::new(&server.issuer);
    let step = super::second_step::step(&other, "ada").await;
    let page = other.open(&step.resolved(&step.attribute("#use-app", "href"))).await.page();
    other.submit(&page, &[("code", &app.code(server.now()))]).await;
    assert!(is_signed_in(&other).await);
}

#[tokio::test]
async fn the_passkey_of_another_person_takes_no_step_of_mine() {
    let server = start().await;
    let (ada, ..) = enrolled(&server).await;
    server.user("eve").await;
    let eve = signed_in(&server, "eve").await;
    let mut hers = add(&server, &eve).await;
    let browser = Browser::new(&server.issuer);
    let page = step(&browser, "ada").await;
    let answer = hers.sign(&page);
    let refused = submit_answer(&browser, &page, &answer).await.page();
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Not with my name on it either.
    hers.user = ada.id.as_uuid().as_bytes().to_vec();
    let answer = hers.sign(&refused);
    assert_eq!(submit_answer(&browser, &refused, &answer).await.page().status, 422);
    assert!(!is_signed_in(&browser).await);
}

#[tokio::test]
async fn a_challenge_of_the_login_page_takes_no_second_step_and_the_other_way_round() {
    let server = start().await;
    let (_, _, mut passkey) = enrolled(&server).await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    let page = browser.sign_in(&login, "ada").await.page();
    let answer = passkey.sign(&login);
    let challenge = login.attribute("input[name=challenge]", "value");
    let refused = super::submit_both(&browser, &page, &challenge, &answer).await.page();
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = passkey.sign(&page);
    let challenge = page.attribute("input[name=challenge]", "value");
    let refused = super::submit_both(&browser, &login, &challenge, &answer).await.page();
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!is_signed_in(&browser).await);
}

#[tokio::test]
async fn a_recovery_code_replaces_a_lost_passkey() {
    let server = start().await;
    let (_, browser, _) = enrolled(&server).await;
    let page = browser.open("/account/security/codes").await.page();
    let made = browser.submit(&page, &[]).await.page();
    let code = made.text("#recovery-codes").split(' ').next().unwrap().to_owned();
    let other = Browser::new(&server.issuer);
    let page = step(&other, "ada").await;
    assert!(!page.has("#use-app"));
    let page = other.open(&page.resolved(&page.attribute("#use-recovery", "href"))).await.page();
    other.submit(&page, &[("code", &code)]).await;
    assert!(is_signed_in(&other).await);
}

#[tokio::test]
async fn the_password_grant_refuses_a_person_who_has_a_passkey() {
    let server = TestServer::with_a_name(|settings: &mut Settings| settings.password_grant = true).await;
    let (ada, ..) = enrolled(&server).await;
    let legacy = RelyingParty::register(&server, "legacy", |client| {
        client.grant_types = [GrantType::Password].into();
        client.redirect_uris.clear();
    })
    .await;
    let fields = [("grant_type", "password"), ("username", "ada"), ("password", PASSWORD), ("scope", "read")];
    assert_eq!(legacy.token(&fields).await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(counts(&server, &ada, [SignInKind::SignedIn]).await, [1]);
}

#[tokio::test]
async fn a_passkey_that_has_not_verified_its_user_takes_no_step() {
    let server = start().await;
    let (ada, _, passkey) = enrolled(&server).await;
    let browser = Browser::new(&server.issuer);
    let page = step(&browser, "ada").await;
    let answer = SoftPasskey { verifies_user: false, ..passkey.clone() }.sign(&page);
    assert_eq!(submit_answer(&browser, &page, &answer).await.page().status, 422);
    assert!(!is_signed_in(&browser).await);
    assert_eq!(counts(&server, &ada, [SignInKind::PasskeyRefused]).await, [1]);
    let mut passkey = passkey;
    let login = browser.open(PASSKEYS).await.page();
    use_passkey(&browser, &login, &mut passkey).await;
    assert!(is_signed_in(&browser).await);
}

#[tokio::test]
async fn where_everybody_needs_a_second_step_a_passkey_is_one_and_is_made_while_signing_in() {
    let server = TestServer::with_a_name(|settings: &mut Settings| {
        settings.second_factor = SecondFactor::Required;
    })
    .await;
    let ada = server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&web.authorization_url(&[])).await.page();
    let page = browser.sign_in(&login, "ada").await.page();
    assert!(page.has("#turn-on") && page.has("#passkey"), "{}", page.html);
    let wrong = SoftPasskey { verifies_user: false, ..SoftPasskey::new(&server.issuer) }.make(&page);
    let refused = submit_answer(&browser, &page, &wrong).await.page();
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!is_signed_in(&browser).await && super::kept(&server, &ada).await.is_empty());
    let mut passkey = SoftPasskey::new(&server.issuer);
    let answer = passkey.make(&refused);
    let consent = submit_answer(&browser, &refused, &answer).await.page();
    let back = browser.allow(&consent).await.client();
    let tokens = web.redeemed(Callback::from_url(&back).code()).await;
    assert_eq!(tokens.claims("id_token")["amr"], json!(["pwd", "hwk", "user", "mfa"]));
    // The page adds no second one: who has a factor takes the step with it.
    let answer = SoftPasskey::new(&server.issuer).make(&refused);
    submit_answer(&browser, &refused, &answer).await;
    assert_eq!(super::kept(&server, &ada).await.len(), 1);
    let other = Browser::new(&server.issuer);
    let page = step(&other, "ada").await;
    let answer = passkey.sign(&page);
    submit_answer(&other, &page, &answer).await;
    assert!(is_signed_in(&other).await);
}
