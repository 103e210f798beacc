//! Guessing, phishing, and using another user's code (RFC 8628 §5).

use application::settings::RegistrationMode;
use chrono::Duration;
use domain::{Actor, Secret};
use serde_json::{Value, json};
use tests::support::{Browser, Landed, RelyingParty, TestServer};

use super::{
    GRANT, approve, begin, decide, enter, error, page_for, poll, polled, printer, signed_in, television,
    tokens,
};

#[tokio::test]
async fn another_client_cannot_spend_slow_down_or_kill_a_device_code() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let device = printer(&server, "printer").await;
    let thieves = [printer(&server, "thief").await, television(&server, "tv").await];
    let begun = begin(&device, "read").await;
    assert_eq!(polled(&device, &begun).await, "authorization_pending");
    server.clock.advance(Duration::seconds(5));
    for thief in &thieves {
        assert_eq!(polled(thief, &begun).await, "invalid_grant");
    }
    assert_eq!(polled(&device, &begun).await, "authorization_pending");
    approve(&signed_in(&server, "ada").await, &begun).await;
    for thief in &thieves {
        assert_eq!(polled(thief, &begun).await, "invalid_grant");
    }
    tokens(&device, &begun).await;
}

#[tokio::test]
async fn the_question_asks_for_the_code_on_the_device_and_warns_of_a_code_that_somebody_sent() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let begun = begin(&television(&server, "tv").await, "read").await;
    let browser = signed_in(&server, "ada").await;
    let entry = browser.open("/oauth/device/verify").await.page();
    for page in [page_for(&browser, &begun).await, enter(&browser, &entry, begun.text("user_code")).await] {
        assert_eq!(page.text("#user-code"), begun.text("user_code"));
        let text = page.text("main");
        for part in ["Does your device show this code?", "on a device in front of you", "sent you the code"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!page.has("[autofocus]"), "Enter must not allow anything");
    }
}

#[tokio::test]
async fn wrong_codes_are_limited_per_person_however_they_are_sent() {
    let server = TestServer::start().await;
    server.user("ada").await;
    server.user("eve").await;
    let tv = television(&server, "tv").await;
    let begun = begin(&tv, "read").await;
    let eve = signed_in(&server, "eve").await;
    let entry = eve.open("/oauth/device/verify").await.page();
    // Correct codes are not counted.
    for _ in 0..12 {
        assert!(enter(&eve, &entry, begun.text("user_code")).await.has("#allow"));
    }
    for guess in ["BBBB-BBBB", "bbbbbbbb", "AAAA-AAAA", "12345678", "", "BBBB-BBBB-B", "ﾂ"] {
        let refused = enter(&eve, &entry, guess).await;
        assert_eq!((refused.status.as_u16(), refused.has("#problem")), (422, true), "{guess:?}");
        assert!(refused.has("input[name=user_code]"), "try again");
    }
    for _ in 7..10 {
        let refused = eve.open("/oauth/device/verify?user_code=CCCC-CCCC").await.page();
        assert_eq!(refused.status, 422);
    }
    // Even the correct code is refused, or the answer would reveal which guess was correct.
    for limited in [enter(&eve, &entry, begun.text("user_code")).await, page_for(&eve, &begun).await] {
        assert_eq!(limited.status, 429);
        assert_eq!(limited.headers["retry-after"], "900");
        assert!(limited.text("[role=alert]").contains("15 min"));
    }
    // The limit counts per user: another browser of the same user is limited, another user is not.
    assert_eq!(page_for(&signed_in(&server, "eve").await, &begun).await.status, 429);
    assert!(page_for(&signed_in(&server, "ada").await, &begun).await.has("#allow"));
    server.clock.advance(Duration::minutes(15));
    let begun = begin(&tv, "read").await;
    assert!(page_for(&eve, &begun).await.has("#allow"));
}

#[tokio::test]
async fn guessing_by_decisions_is_limited_too() {
    let server = TestServer::with(|settings| settings.authentication_limit.attempts = 3).await;
    server.user("eve").await;
    let eve = signed_in(&server, "eve").await;
    let page = eve.open("/oauth/device/verify?user_code=BBBB-BBBB").await.page();
    assert_eq!(page.status, 422);
    for expected in [422, 422, 429] {
        let page = decide(&eve, &page, "deny").await;
        assert_eq!((page.status.as_u16(), page.has("#problem")), (expected, true));
    }
}

#[tokio::test]
async fn one_address_cannot_guess_for_many_people() {
    let server = TestServer::with(|settings| settings.authentication_limit.attempts = 1).await;
    for number in 0..11 {
        let name = format!("user-{number}");
        server.user(&name).await;
        let browser = signed_in(&server, &name).await;
        let status = browser.open("/oauth/device/verify?user_code=BBBB-BBBB").await.page().status;
        assert_eq!(status, if number < 10 { 422 } else { 429 }, "{name}");
    }
}

#[tokio::test]
async fn the_form_works_only_in_the_browser_and_on_the_page_it_is_from() {
    let server = TestServer::start().await;
    server.user("ada").await;
    server.user("eve").await;
    let tv = television(&server, "tv").await;
    let begun = begin(&tv, "read").await;
    let browser = signed_in(&server, "ada").await;
    let page = page_for(&browser, &begun).await;
    let (action, hidden) = page.form();
    let allow = ("decision".to_owned(), "allow".to_owned());
    for drop in ["form_token", "interaction"] {
        let mut fields = hidden.clone();
        fields.retain(|(name, _)| name != drop);
        fields.push(allow.clone());
        assert!(browser.post(&action, &fields).await.page().has("#error"), "without {drop}");
    }
    let mut fields = hidden;
    fields.push(allow);
    assert!(signed_in(&server, "eve").await.post(&action, &fields).await.page().has("#error"));
    for (header, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        let request = browser.http().post(server.url(&action)).header(header, value).form(&fields);
        assert_eq!(request.send().await.unwrap().status(), 400, "{header}");
    }
    // A form for entering a code cannot decide about one.
    let entry = browser.open("/oauth/device/verify").await.page();
    assert!(decide(&browser, &entry, "allow").await.has("#error"));
    assert_eq!(polled(&tv, &begun).await, "authorization_pending");
    assert!(browser.post(&action, &fields).await.page().has("#device-allowed"));
    // A decision is final: going back and allowing again changes nothing.
    server.clock.advance(Duration::seconds(61));
    let again = browser.post(&action, &fields).await.page();
    assert!(again.has("input[name=user_code]"), "the page allows a second decision: {}", again.html);
    tokens(&tv, &begun).await;
}

#[tokio::test]
async fn whoever_has_signed_out_since_signs_in_again_before_anything_is_decided() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let tv = television(&server, "tv").await;
    let begun = begin(&tv, "read").await;
    let browser = signed_in(&server, "ada").await;
    let page = page_for(&browser, &begun).await;
    let out = browser.open("/oauth/logout").await.page();
    browser.submit(&out, &[]).await;
    let login = decide(&browser, &page, "allow").await;
    assert!(login.has("#login"));
    assert_eq!(polled(&tv, &begun).await, "authorization_pending");
    assert!(browser.sign_in(&login, "ada").await.page().has("#allow"), "and then is asked again");
}

#[tokio::test]
async fn two_people_cannot_both_decide() {
    let server = TestServer::start().await;
    server.user("ada").await;
    server.user("eve").await;
    let tv = television(&server, "tv").await;
    let begun = begin(&tv, "openid").await;
    let (ada, eve) = (signed_in(&server, "ada").await, signed_in(&server, "eve").await);
    let (hers, other) = (page_for(&ada, &begun).await, page_for(&eve, &begun).await);
    assert!(decide(&ada, &hers, "allow").await.has("#device-allowed"));
    for decision in ["deny", "allow"] {
        assert!(decide(&eve, &other, decision).await.has("#problem"), "{decision}");
    }
    let userinfo = tv.userinfo(tokens(&tv, &begun).await.text("access_token")).await;
    assert_eq!(userinfo.status(), 200);
}

#[tokio::test]
async fn a_decision_that_is_sent_twice_gets_the_same_answer_for_a_minute() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let tv = television(&server, "tv").await;
    let ada = signed_in(&server, "ada").await;
    for (decision, other, answer) in
        [("allow", "deny", "#device-allowed"), ("deny", "allow", "#device-denied")]
    {
        let page = page_for(&ada, &begin(&tv, "openid").await).await;
        for decision in [decision, decision, other] {
            let decided = decide(&ada, &page, decision).await;
            assert!(decided.has(answer), "{decision}: {}", decided.html);
        }
        server.clock.advance(Duration::seconds(61));
        assert!(decide(&ada, &page, decision).await.has("#user_code"));
    }
}

#[tokio::test]
async fn a_client_or_user_that_is_disabled_meanwhile_gets_nothing() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let tv = television(&server, "tv").await;
    let browser = signed_in(&server, "ada").await;
    let (undecided, approved) = (begin(&tv, "read").await, begin(&tv, "read offline_access").await);
    approve(&browser, &approved).await;
    let id = tv.id.parse().unwrap();
    server.clients.set_enabled(&id, false, Actor::CommandLine).await.unwrap();
    assert!(page_for(&browser, &undecided).await.has("#problem"));
    assert_eq!(error(poll(&tv, &approved).await).await, (401, "invalid_client".to_owned()));
    server.clients.set_enabled(&id, true, Actor::CommandLine).await.unwrap();
    server.users.set_enabled(ada.id, false, Actor::CommandLine).await.unwrap();
    assert_eq!(polled(&tv, &approved).await, "invalid_grant");
}

#[tokio::test]
async fn devices_are_limited_per_client_and_address() {
    let server = TestServer::with(|settings| settings.device_authorization_limit.attempts = 3).await;
    let (tv, other) = (television(&server, "tv").await, television(&server, "other").await);
    for _ in 0..3 {
        begin(&tv, "read").await;
    }
    let limited = tv.post("/oauth/device_authorization", &[("scope", "read")]).await;
    assert_eq!(limited.headers()["retry-after"], "3600");
    assert_eq!(error(limited).await, (429, "temporarily_unavailable".to_owned()));
    begin(&other, "read").await;
    server.clock.advance(Duration::hours(1));
    begin(&tv, "read").await;
}

#[tokio::test]
async fn an_office_behind_one_address_is_not_shut_out() {
    let server = TestServer::with(|settings| settings.device_authorization_limit.attempts = 2).await;
    server.user("ada").await;
    let tv = television(&server, "tv").await;
    let browser = signed_in(&server, "ada").await;
    // What a user has decided about does not count, however often.
    for decision in ["allow", "deny", "allow", "deny", "allow"] {
        let begun = begin(&tv, "read").await;
        let page = page_for(&browser, &begun).await;
        decide(&browser, &page, decision).await;
    }
    let _abandoned = (begin(&tv, "read").await, begin(&tv, "read").await);
    let limited = tv.post("/oauth/device_authorization", &[("scope", "read")]).await;
    assert_eq!(limited.status(), 429);
    // A client that authenticates answers for itself.
    let printer = printer(&server, "printer").await;
    for _ in 0..5 {
        begin(&printer, "read").await;
    }
}

#[tokio::test]
async fn devices_of_all_strangers_are_bounded_until_users_decide() {
    let server = TestServer::with(|settings| settings.shared_limit.attempts = 2).await;
    server.user("ada").await;
    let (tv, other) = (television(&server, "tv").await, television(&server, "other").await);
    let (begun, _abandoned) = (begin(&tv, "read").await, begin(&other, "read").await);
    let limited = tv.post("/oauth/device_authorization", &[("scope", "read")]).await;
    assert_eq!(limited.headers()["retry-after"], "3600");
    assert_eq!(error(limited).await, (503, "temporarily_unavailable".to_owned()));
    begin(&printer(&server, "printer").await, "read").await;
    approve(&signed_in(&server, "ada").await, &begun).await;
    begin(&tv, "read").await;
}

#[tokio::test]
async fn a_client_that_registered_itself_is_limited_although_it_authenticates() {
    let server = TestServer::with(|settings| {
        settings.registration.mode = RegistrationMode::Open;
        settings.registration.device_grant = true;
        settings.device_authorization_limit.attempts = 2;
    })
    .await;
    let document = json!({"grant_types": [GRANT], "token_endpoint_auth_method": "client_secret_basic"});
    let request = reqwest::Client::new().post(server.url("/connect/register")).json(&document);
    let registered: Value = request.send().await.unwrap().json().await.unwrap();
    let secret = registered["client_secret"].as_str().map(str::to_owned);
    let id = registered["client_id"].as_str().unwrap();
    let own = RelyingParty::registered(&server.issuer, id, secret, "");
    let _abandoned = (begin(&own, "openid").await, begin(&own, "openid").await);
    let limited = own.post("/oauth/device_authorization", &[("scope", "openid")]).await;
    assert_eq!(error(limited).await, (429, "temporarily_unavailable".to_owned()));
}

#[tokio::test]
async fn by_default_an_address_may_start_far_more_devices_than_an_office_has() {
    let server = TestServer::start().await;
    let tv = television(&server, "tv").await;
    for _ in 0..200 {
        begin(&tv, "read").await;
    }
}

#[tokio::test]
async fn a_code_in_any_spelling_is_no_wrong_guess() {
    let server = TestServer::with(|settings| settings.authentication_limit.attempts = 1).await;
    server.user("ada").await;
    let begun = begin(&television(&server, "tv").await, "read").await;
    let browser = signed_in(&server, "ada").await;
    let entry = browser.open("/oauth/device/verify").await.page();
    let code: String = begun.text("user_code").split('-').collect();
    let (left, right) = code.split_at(4);
    let wide = |text: &str| -> String {
        text.chars().filter_map(|letter| char::from_u32(u32::from(letter) + 0xfee0)).collect()
    };
    for spelling in [
        format!("{left}.{right}."),
        format!("{left}・{right}"),
        wide(&code),
        format!("{}－{}", wide(left), wide(&right.to_lowercase())),
        format!("  {left} / {right}\u{200b}"),
        format!("\"{}\"", code.to_lowercase()),
    ] {
        let page = enter(&browser, &entry, &spelling).await;
        assert!(page.has("#allow"), "{spelling:?}: {}", page.html);
    }
}

#[tokio::test]
async fn the_pages_are_protected_and_the_stores_know_no_code() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let tv = television(&server, "tv").await;
    let begun = begin(&tv, "read").await;
    let browser = signed_in(&server, "ada").await;
    for page in [browser.open("/oauth/device/verify").await.page(), page_for(&browser, &begun).await] {
        assert_eq!(page.headers["cache-control"], "no-store");
        assert_eq!(page.headers["x-frame-options"], "DENY");
        assert_eq!(page.headers["referrer-policy"], "same-origin");
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{policy}"
        );
    }
    let user_code: domain::UserCode = begun.text("user_code").parse().unwrap();
    let kept = server.ports.device_codes.find(user_code.digest(), server.now()).await.unwrap().unwrap();
    let kept = format!("{} {kept:?}", serde_json::to_string(&kept).unwrap());
    assert!(!kept.contains(&begun.text("user_code")[..4]) && !kept.contains(begun.text("device_code")));
    let polled =
        server.ports.device_codes.redeem(Secret::from(begun.text("device_code")).digest()).await.unwrap();
    assert!(polled.is_some(), "it is found by its digest");
}

#[tokio::test]
async fn an_address_with_nonsense_for_a_code_is_the_page_for_a_code() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let browser = signed_in(&server, "ada").await;
    let queries = ["", "?user_code=", "?user_code=nonsense", "?user_code=%3Cscript%3E", "?other=1"];
    // The last one is what remains of a URL whose interaction has ended.
    for query in queries.into_iter().chain(["?interaction=nonsense"]) {
        let landed = browser.open(&format!("/oauth/device/verify{query}")).await;
        let Landed::Page(page) = landed else { panic!("{query}") };
        assert_eq!((page.status.as_u16(), page.has("input[name=user_code]")), (200, true), "{query}");
    }
    let page = browser.open("/oauth/device/verify?user_code=a&user_code=b").await.page();
    assert_eq!((page.status.as_u16(), page.has("#error")), (400, true));
    let foreign = Browser::new(&server.issuer).open("/oauth/device/verify?interaction=x").await.page();
    assert_eq!(foreign.status, 400);
}
