//! `/account/profile` and the change of the e-mail address.

use chrono::Duration;
use domain::letter::Message;
use domain::{Letter, User};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tests::support::{Browser, TestServer};

use super::{post, signed_in, world};

async fn kept(server: &TestServer, user: &User) -> Value {
    let user = server.ports.users.find(user.id).await.unwrap().unwrap();
    serde_json::to_value(&user.claims).unwrap()
}

#[tokio::test]
async fn a_person_changes_name_language_and_time_zone_and_nothing_else() {
    let (server, ada, browser) = world().await;
    let before = kept(&server, &ada).await;
    let page = browser.open("/account/profile").await.page();
    let sent = [
        ("name", "  Ada Lovelace "),
        ("locale", "fr"),
        ("zoneinfo", "Europe/London"),
        ("email", "eve@example.com"),
        ("email_verified", "true"),
        ("groups", "staff"),
        ("admin", "true"),
        ("username", "root"),
    ];
    let page = post(&browser, &page, &sent).await.page();
    assert_eq!(page.text("#notice"), "Enregistré.");
    let mut expected = before;
    for (name, value) in [("name", "Ada Lovelace"), ("locale", "fr"), ("zoneinfo", "Europe/London")] {
        expected[name] = json!(value);
    }
    assert_eq!(kept(&server, &ada).await, expected);
    let user = server.ports.users.find(ada.id).await.unwrap().unwrap();
    assert!(!user.administrator && user.username.as_str() == "ada");
    // An empty field removes the claim; what no list offers changes nothing.
    let page = browser.open("/account/profile").await.page();
    let sent = [("name", ""), ("locale", "tlh"), ("zoneinfo", "Moon/Tranquility")];
    post(&browser, &page, &sent).await;
    let claims = kept(&server, &ada).await;
    assert_eq!(
        (claims.get("name"), &claims["locale"], &claims["zoneinfo"]),
        (None, &json!("fr"), &json!("Europe/London"))
    );
}

#[tokio::test]
async fn a_name_that_hides_something_is_refused_and_what_was_typed_stays() {
    let (server, ada, browser) = world().await;
    let before = kept(&server, &ada).await;
    for name in ["Ada\u{202e}nimda", "a\u{0}b", &"x".repeat(257)] {
        let page = browser.open("/account/profile").await.page();
        let page = post(&browser, &page, &[("name", name), ("locale", "de")]).await.page();
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.has("#problem") && page.attribute("#locale option[selected]", "value") == "de");
    }
    assert_eq!(kept(&server, &ada).await, before);
}

fn link(letters: &[Letter]) -> (String, String) {
    let Message::ConfirmEmail { link, .. } = &letters[0].message else { panic!("another letter") };
    (letters[0].to.clone(), link.clone())
}

#[tokio::test]
async fn an_e_mail_address_changes_when_the_person_opens_the_link_and_the_old_one_is_told() {
    let server = TestServer::with_mail().await;
    let ada = server.user("ada").await;
    let browser = signed_in(&server, "ada").await;
    let page = browser.open("/account/profile").await.page();
    let page = browser.open(&page.attribute("#change-email", "href")).await.page();
    let page = post(&browser, &page, &[("email", "ada@new.example")]).await.page();
    assert!(page.text("#notice").contains("ada@new.example"), "{}", page.html);
    assert_eq!(kept(&server, &ada).await["email"], "ada@example.com");
    let (to, link) = link(&server.sent().await);
    assert_eq!(to, "ada@new.example");
    let phone = Browser::new(&server.issuer);
    let confirm = phone.open(&link).await.page();
    assert!(phone.submit(&confirm, &[]).await.page().has("#link-done"));
    let claims = kept(&server, &ada).await;
    assert_eq!((&claims["email"], &claims["email_verified"]), (&json!("ada@new.example"), &json!(true)));
    let told = server.sent().await;
    assert!(told[0].to == "ada@example.com" && matches!(told[0].message, Message::EmailChanged { .. }));
}

#[tokio::test]
async fn the_answer_does_not_tell_whether_another_person_has_the_address() {
    let server = TestServer::with_mail().await;
    let ada = server.user("ada").await;
    server.user("eve").await;
    let browser = signed_in(&server, "ada").await;
    let mut answers = Vec::new();
    // The taken one last: a later link ends an earlier one.
    for email in ["nob@example.com", "eve@example.com"] {
        let page = browser.open("/account/profile/email").await.page();
        let page = post(&browser, &page, &[("email", email)]).await.page();
        answers.push((page.status, page.text("#notice").replace(email, "")));
    }
    assert_eq!(answers[0], answers[1]);
    // The link for a taken address does not work, and nobody lost an address.
    let letters = server.sent().await.into_iter().filter(|letter| letter.to == "eve@example.com");
    let (_, link) = link(&letters.collect::<Vec<_>>());
    let confirm = browser.open(&link).await.page();
    assert!(browser.submit(&confirm, &[]).await.page().has("#link-over"));
    assert_eq!(kept(&server, &ada).await["email"], "ada@example.com");
}

#[tokio::test]
async fn a_person_cannot_flood_a_mailbox_and_an_old_sign_in_changes_no_address() {
    let server = TestServer::with_mail().await;
    server.user("ada").await;
    let browser = signed_in(&server, "ada").await;
    for number in 0..6 {
        let page = browser.open("/account/profile/email").await.page();
        let page = post(&browser, &page, &[("email", "stranger@example.com")]).await.page();
        let expected = if number < 5 { StatusCode::OK } else { StatusCode::TOO_MANY_REQUESTS };
        assert_eq!(page.status, expected, "{number}");
    }
    assert_eq!(server.sent().await.len(), 5);
    server.clock.advance(Duration::hours(2));
    let page = browser.open("/account/profile/email").await.page();
    assert!(page.has("#login"), "{}", page.html);
}

#[tokio::test]
async fn without_mail_the_address_is_managed_by_the_operator() {
    let (_server, _, browser) = world().await;
    let page = browser.open("/account/profile").await.page();
    assert!(
        !page.has("#change-email") && page.text("main").contains("Managed by 127.0.0.1."),
        "{}",
        page.html
    );
    let page = browser.open("/account/profile/email").await.page();
    assert!(page.url.ends_with("/account/profile"));
}
