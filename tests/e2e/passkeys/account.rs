//! `/account/security/passkeys`.

use chrono::Duration;
use domain::letter::Message;
use domain::{Actor, AuditEvent, Passkey, SignInKind};
use reqwest::StatusCode;
use tests::support::{Browser, Page, SoftPasskey, TestServer};

use super::{
    PASSKEYS, add, counts, enrolled, is_signed_in, kept, signed_in, start, submit_answer, use_passkey,
};

/// Posts a form of the page.
async fn post(browser: &Browser, page: &Page, fields: &[(&str, &str)]) -> Page {
    let token = page.attribute("input[name=form_token]", "value");
    let all = [("form_token", token.as_str())].into_iter().chain(fields.iter().copied());
    let all: Vec<_> = all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    browser.post(PASSKEYS, &all).await.page()
}

#[tokio::test]
async fn a_passkey_is_added_shown_renamed_and_removed() {
    let server = start().await;
    let (ada, browser, passkey) = enrolled(&server).await;
    let page = browser.open(PASSKEYS).await.page();
    assert_eq!(page.text(".passkey h2"), "1Password");
    assert!(page.text(".passkey").contains("On your devices"), "{}", page.html);
    assert!(page.has("#codes"), "recovery codes are offered");
    let security = browser.open("/account/security").await.page();
    assert!(security.text("body").contains("You can sign in with 1 passkey."), "{}", security.html);
    let id = passkey.id_text();
    for name in ["", "x\u{202e}y", &"x".repeat(61)] {
        let refused = post(&browser, &page, &[("decision", "rename"), ("id", &id), ("name", name)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
    }
    let named =
        post(&browser, &page, &[("decision", "rename"), ("id", &id), ("name", " <b>My phone</b> ")]).await;
    assert_eq!(
        (named.text("#notice"), named.text(".passkey h2")),
        ("Saved.".into(), "<b>My phone</b>".into())
    );
    let gone = post(&browser, &page, &[("decision", "remove"), ("id", &id)]).await;
    assert!(gone.has("#notice") && !gone.has(".passkey"), "{}", gone.html);
    assert!(kept(&server, &ada).await.is_empty());
    assert_eq!(counts(&server, &ada, [SignInKind::PasskeyRemoved]).await, [1]);
    assert!(is_signed_in(&browser).await, "no session ends");
    let mut passkey = passkey;
    let other = Browser::new(&server.issuer);
    let login = other.open("/login").await.page();
    let refused = use_passkey(&other, &login, &mut passkey).await.page();
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.text("[role=alert]"), "This passkey is not known here. Sign in another way.");
    assert_eq!(refused.attribute("form[data-passkey]", "data-unknown"), passkey.id_text());
    assert!(!is_signed_in(&other).await);
}

#[tokio::test]
async fn a_person_has_several_passkeys_and_the_same_one_is_not_added_twice() {
    let server = start().await;
    let (ada, browser, first) = enrolled(&server).await;
    let second = add(&server, &browser).await;
    let page = browser.open(PASSKEYS).await.page();
    let options = page.attribute("form[data-passkey]", "data-options");
    for passkey in [&first, &second] {
        assert!(options.contains(&passkey.id_text()), "the browser is told which ones there are: {options}");
        assert!(page.attribute("form[data-passkey]", "data-accepted").contains(&passkey.id_text()));
    }
    let answer = first.clone().make(&page);
    let refused = submit_answer(&browser, &page, &answer).await.page();
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(kept(&server, &ada).await.len(), 2);
    for mut passkey in [first, second] {
        let other = Browser::new(&server.issuer);
        let login = other.open("/login").await.page();
        use_passkey(&other, &login, &mut passkey).await;
        assert!(is_signed_in(&other).await);
    }
}

#[tokio::test]
async fn there_are_at_most_twenty_and_the_page_says_so() {
    let server = start().await;
    let (ada, browser, _) = enrolled(&server).await;
    for _ in 1..19 {
        add(&server, &browser).await;
    }
    let late = browser.open(PASSKEYS).await.page();
    add(&server, &browser).await;
    let answer = SoftPasskey::new(&server.issuer).make(&late);
    let refused = submit_answer(&browser, &late, &answer).await.page();
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text("#no-passkeys").contains("20 passkeys") && !refused.has("#passkey"));
    assert_eq!(kept(&server, &ada).await.len(), 20);
}

#[tokio::test]
async fn the_last_way_in_stays() {
    let server = start().await;
    let (ada, _, mut passkey) = enrolled(&server).await;
    let grace = domain::User { id: domain::UserId::from_random([9; 16]), password: None, ..ada.clone() };
    let grace = domain::User { username: "grace".parse().unwrap(), claims: Default::default(), ..grace };
    let event = |name: &str| AuditEvent::new(server.now(), Actor::CommandLine, name, &grace.id);
    server.ports.users.insert(&grace, &event("user.create")).await.unwrap();
    let hers = Passkey { user: grace.id, ..kept(&server, &ada).await.remove(0) };
    server.factors.reset(&ada, Actor::CommandLine).await.unwrap();
    server.ports.passkeys.add(&hers, 20, &event("test")).await.unwrap();
    passkey.user = grace.id.as_uuid().as_bytes().to_vec();
    let browser = Browser::new(&server.issuer);
    let login = browser.open(PASSKEYS).await.page();
    let page = use_passkey(&browser, &login, &mut passkey).await.page();
    assert!(page.text(".passkey").contains("your only way to sign in"), "{}", page.html);
    assert!(!page.has("input[value=remove]"));
    let refused = post(&browser, &page, &[("decision", "remove"), ("id", &passkey.id_text())]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(kept(&server, &grace).await.len(), 1);
}

#[tokio::test]
async fn a_new_and_a_removed_passkey_are_told_by_mail() {
    let server = TestServer::with_mail_and_a_name().await;
    let (_, browser, passkey) = enrolled(&server).await;
    let told = server.sent().await;
    assert!(matches!(told[0].message, Message::PasskeyAdded { address: Some(_), .. }) && told.len() == 1);
    let page = browser.open(PASSKEYS).await.page();
    post(&browser, &page, &[("decision", "remove"), ("id", &passkey.id_text())]).await;
    let told = server.sent().await;
    assert!(matches!(told[0].message, Message::PasskeyRemoved { address: Some(_), .. }) && told.len() == 1);
}

#[tokio::test]
async fn an_operator_sees_and_removes_passkeys_too() {
    let server = start().await;
    let (ada, browser, _) = enrolled(&server).await;
    let shown = serde_json::to_value(server.factors.show(ada.id).await.unwrap()).unwrap();
    assert_eq!(shown["factors"], serde_json::json!(["passkey"]));
    assert_eq!(
        (&shown["passkeys"][0]["name"], shown["passkeys"].as_array().unwrap().len()),
        (&"1Password".into(), 1)
    );
    assert!(!shown.to_string().contains("cred"), "nothing that verifies it: {shown}");
    assert!(server.factors.reset(&ada, Actor::CommandLine).await.unwrap());
    assert!(kept(&server, &ada).await.is_empty() && is_signed_in(&browser).await);
}

#[tokio::test]
async fn an_app_that_is_turned_off_leaves_the_passkeys() {
    let server = start().await;
    let (ada, browser, _) = enrolled(&server).await;
    let page = browser.open("/account/security/app").await.page();
    let app = tests::support::Authenticator::scan(&page);
    browser.submit(&page, &[("code", &app.code(server.now()))]).await;
    let page = browser.open("/account/security/app").await.page();
    browser.submit(&page, &[("decision", "turn_off")]).await;
    let factors = server.ports.second_factors.find(ada.id).await.unwrap();
    assert!(factors.app.is_none());
    assert_eq!((factors.passkeys, factors.recovery_codes), (1, 10));
}

#[tokio::test]
async fn a_sign_in_long_ago_adds_nothing() {
    let server = start().await;
    let ada = server.user("ada").await;
    let browser = signed_in(&server, "ada").await;
    let page = browser.open(PASSKEYS).await.page();
    let answer = SoftPasskey::new(&server.issuer).make(&page);
    server.clock.advance(Duration::minutes(6));
    let login = submit_answer(&browser, &page, &answer).await.page();
    assert!(login.has("#login") && kept(&server, &ada).await.is_empty());
}
