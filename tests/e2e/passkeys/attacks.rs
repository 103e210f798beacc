//! What no passkey, no page and no other browser can do.

use chrono::Duration;
use domain::{Actor, SignInKind};
use reqwest::StatusCode;
use reqwest::header::ORIGIN;
use tests::support::{Browser, Page, RelyingParty, SoftPasskey, TestServer};

use super::{
    PASSKEYS, add, counts, enrolled, is_signed_in, kept, signed_in, start, submit_answer, submit_both,
    use_passkey,
};

async fn login(browser: &Browser) -> Page {
    browser.open("/login").await.page()
}

#[tokio::test]
async fn an_answer_that_is_not_exactly_right_signs_nobody_in() {
    let server = start().await;
    let (ada, _, passkey) = enrolled(&server).await;
    let stranger = SoftPasskey {
        id: passkey.id.clone(),
        user: passkey.user.clone(),
        ..SoftPasskey::new(&server.issuer)
    };
    let right = || passkey.clone();
    let wrong = [
        ("the key of another", stranger),
        ("the user is not verified", SoftPasskey { verifies_user: false, ..right() }),
        ("another origin", SoftPasskey { origin: "https://evil.example".to_owned(), ..right() }),
        ("another port", SoftPasskey { origin: "http://localhost:1".to_owned(), ..right() }),
        (
            "another relying party",
            SoftPasskey { other_relying_party: Some("evil.example".to_owned()), ..right() },
        ),
        ("it may be copied all at once", SoftPasskey { is_syncable: true, ..right() }),
    ];
    for (what, mut passkey) in wrong {
        let browser = Browser::new(&server.issuer);
        let refused = use_passkey(&browser, &login(&browser).await, &mut passkey).await.page();
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}");
        assert_eq!(
            refused.text("[role=alert]"),
            "This passkey was not accepted. Sign in another way.",
            "{what}"
        );
        assert!(!refused.has("[data-unknown]"), "the browser keeps it: {what}");
        assert!(!is_signed_in(&browser).await, "{what}");
    }
    assert_eq!(counts(&server, &ada, [SignInKind::PasskeyRefused]).await, [6]);
    assert_eq!(kept(&server, &ada).await[0].used_at, None);
}

#[tokio::test]
async fn the_name_of_another_user_on_my_passkey_makes_me_nobody_else() {
    let server = start().await;
    let (ada, ..) = enrolled(&server).await;
    server.user("eve").await;
    let eve = signed_in(&server, "eve").await;
    let hers = add(&server, &eve).await;
    for user in [ada.id.as_uuid().as_bytes().to_vec(), Vec::new(), vec![1; 64]] {
        let browser = Browser::new(&server.issuer);
        let mut passkey = SoftPasskey { user, ..hers.clone() };
        let refused = use_passkey(&browser, &login(&browser).await, &mut passkey).await.page();
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!is_signed_in(&browser).await);
    }
}

#[tokio::test]
async fn an_answer_works_once_in_its_browser_and_interaction() {
    let server = start().await;
    let (_, _, mut passkey) = enrolled(&server).await;
    let (browser, other) = (Browser::new(&server.issuer), Browser::new(&server.issuer));
    let page = login(&browser).await;
    let answer = passkey.sign(&page);
    let challenge = page.attribute("input[name=challenge]", "value");
    // Another browser, and another interaction of the same one.
    for (browser, page) in [(&other, login(&other).await), (&browser, login(&browser).await)] {
        let refused = submit_both(browser, &page, &challenge, &answer).await.page();
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.has("[role=alert]") && !is_signed_in(browser).await);
    }
    submit_answer(&browser, &page, &answer).await;
    assert!(is_signed_in(&browser).await);
    // The same form once more: the interaction has ended.
    let again = submit_answer(&browser, &page, &answer).await.page();
    assert!(again.text("body").contains("signed in"), "{}", again.html);
    // And without the session.
    let out = browser.open("/oauth/logout").await.page();
    browser.submit(&out, &[]).await;
    submit_answer(&browser, &page, &answer).await;
    assert!(!is_signed_in(&browser).await);
}

#[tokio::test]
async fn a_challenge_is_spent_also_while_its_interaction_goes_on() {
    let server = start().await;
    let (ada, _, mut passkey) = enrolled(&server).await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let page = browser.open(&web.authorization_url(&[])).await.page();
    let answers = [passkey.sign(&page), passkey.sign(&page)];
    assert!(submit_answer(&browser, &page, &answers[0]).await.page().has("#allow"));
    for answer in &answers {
        let refused = submit_answer(&browser, &page, answer).await.page();
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(kept(&server, &ada).await[0].sign_count, 1, "the second answer changed nothing");
    assert_eq!(counts(&server, &ada, [SignInKind::SignedInWithPasskey]).await, [1]);
}

#[tokio::test]
async fn of_the_same_answer_sent_at_once_one_signs_in() {
    let server = start().await;
    let (ada, _, mut passkey) = enrolled(&server).await;
    let browser = Browser::new(&server.issuer);
    let page = login(&browser).await;
    let answer = passkey.sign(&page);
    let sent = (0..8).map(|_| {
        let (browser, page, answer) = (browser.clone(), page.clone(), answer.clone());
        tokio::spawn(async move { submit_answer(&browser, &page, &answer).await.page().status })
    });
    for one in sent.collect::<Vec<_>>() {
        one.await.unwrap();
    }
    assert_eq!(counts(&server, &ada, [SignInKind::SignedInWithPasskey]).await, [1]);
}

#[tokio::test]
async fn a_copy_of_a_passkey_is_noticed_refused_and_in_the_history() {
    let server = start().await;
    let (ada, _, passkey) = enrolled(&server).await;
    let (mut original, mut copy) = (passkey.clone(), passkey);
    for _ in 0..2 {
        let browser = Browser::new(&server.issuer);
        use_passkey(&browser, &login(&browser).await, &mut original).await;
        assert!(is_signed_in(&browser).await);
    }
    let browser = Browser::new(&server.issuer);
    let refused = use_passkey(&browser, &login(&browser).await, &mut copy).await.page();
    assert_eq!(refused.text("[role=alert]"), "This passkey was not accepted. Sign in another way.");
    assert!(!is_signed_in(&browser).await);
    assert_eq!(counts(&server, &ada, [SignInKind::PasskeyRefused]).await, [1]);
    assert_eq!(kept(&server, &ada).await[0].sign_count, 2);
}

#[tokio::test]
async fn a_disabled_user_does_not_sign_in_and_the_page_does_not_say_why() {
    let server = start().await;
    let (ada, _, mut passkey) = enrolled(&server).await;
    server.users.set_enabled(ada.id, false, Actor::CommandLine).await.unwrap();
    let browser = Browser::new(&server.issuer);
    let refused = use_passkey(&browser, &login(&browser).await, &mut passkey).await.page();
    assert_eq!(refused.text("[role=alert]"), "This passkey was not accepted. Sign in another way.");
    assert!(!is_signed_in(&browser).await);
    assert_eq!(counts(&server, &ada, [SignInKind::Disabled, SignInKind::SignedInWithPasskey]).await, [1, 0]);
    assert_eq!(kept(&server, &ada).await[0].used_at, None);
}

#[tokio::test]
async fn a_challenge_expires_with_its_interaction() {
    let server = start().await;
    let (_, _, mut passkey) = enrolled(&server).await;
    let browser = Browser::new(&server.issuer);
    let page = login(&browser).await;
    let answer = passkey.sign(&page);
    server.clock.advance(Duration::minutes(30));
    let fresh = submit_answer(&browser, &page, &answer).await.page();
    assert!(fresh.has("#login") && !is_signed_in(&browser).await, "{}", fresh.html);
}

#[tokio::test]
async fn rubbish_is_answered_with_the_page_and_is_limited() {
    let server = TestServer::with_a_name(|settings| settings.authentication_limit.attempts = 1).await;
    let browser = Browser::new(&server.issuer);
    let page = login(&browser).await;
    for answer in ["x", "{}", "null", r#"{"id":"AA","rawId":"AA","type":"public-key","response":{}}"#] {
        let refused = submit_answer(&browser, &page, answer).await.page();
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        assert!(refused.has("#passkey") && !refused.has("[data-unknown]"));
    }
    for challenge in ["", "x", &page.attribute("input[name=interaction]", "value")] {
        let refused = submit_both(&browser, &page, challenge, "{}").await.page();
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let mut last = page.clone();
    for _ in 0..100 {
        last = submit_answer(&browser, &page, "{}").await.page();
        if last.status == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
    }
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn another_site_and_another_browser_send_no_form() {
    let server = start().await;
    let (ada, browser, mut passkey) = enrolled(&server).await;
    let other = Browser::new(&server.issuer);
    let page = login(&other).await;
    let answer = passkey.sign(&page);
    let fields = ["form_token", "interaction", "challenge"];
    let fields = fields.map(|name| (name, page.attribute(&format!("input[name={name}]"), "value")));
    let fields: Vec<_> = fields.into_iter().chain([("passkey", answer)]).collect();
    let evil = other.http().post(server.url("/login")).header(ORIGIN, "https://evil.example").form(&fields);
    assert_eq!(evil.send().await.unwrap().status(), StatusCode::BAD_REQUEST);
    // The form in a browser that was not shown it: signing Ada in there would be a fixation.
    let victim = Browser::new(&server.issuer);
    login(&victim).await;
    submit_answer(&victim, &page, &fields[3].1).await;
    assert!(!is_signed_in(&victim).await && !is_signed_in(&other).await);
    // A new passkey of a stranger for Ada's account, in their own session.
    server.user("eve").await;
    let eve = signed_in(&server, "eve").await;
    let hers = eve.open(PASSKEYS).await.page();
    let page = browser.open(PASSKEYS).await.page();
    let answer = SoftPasskey::new(&server.issuer).make(&hers);
    let challenge = hers.attribute("input[name=challenge]", "value");
    let refused = submit_both(&browser, &page, &challenge, &answer).await.page();
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(kept(&server, &ada).await.len(), 1);
}

#[tokio::test]
async fn a_new_passkey_has_to_be_made_for_this_page_and_with_a_verified_user() {
    let server = start().await;
    let ada = server.user("ada").await;
    let browser = signed_in(&server, "ada").await;
    let new = || SoftPasskey::new(&server.issuer);
    for mut passkey in [
        SoftPasskey { verifies_user: false, ..new() },
        SoftPasskey { origin: "https://evil.example".to_owned(), ..new() },
        SoftPasskey { other_relying_party: Some("evil.example".to_owned()), ..new() },
    ] {
        let page = browser.open(PASSKEYS).await.page();
        let answer = passkey.make(&page);
        let refused = submit_answer(&browser, &page, &answer).await.page();
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let page = browser.open(PASSKEYS).await.page();
    let answer = new().make(&page);
    submit_answer(&browser, &page, &answer).await;
    assert_eq!(kept(&server, &ada).await.len(), 1);
    let again = new().make(&page);
    let refused = submit_answer(&browser, &page, &again).await.page();
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "the challenge is spent");
    assert_eq!(kept(&server, &ada).await.len(), 1);
}

#[tokio::test]
async fn another_persons_passkey_is_neither_renamed_nor_removed() {
    let server = start().await;
    let (ada, _, passkey) = enrolled(&server).await;
    server.user("eve").await;
    let eve = signed_in(&server, "eve").await;
    let page = eve.open(PASSKEYS).await.page();
    let token = page.attribute("input[name=form_token]", "value");
    for decision in ["remove", "rename"] {
        let fields = [
            ("form_token", token.as_str()),
            ("decision", decision),
            ("id", &passkey.id_text()),
            ("name", "x"),
        ];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let page = eve.post(PASSKEYS, &fields).await.page();
        assert!(!page.has("#notice"), "{}", page.html);
    }
    assert_eq!(kept(&server, &ada).await[0].name.as_str(), "1Password");
}
