//! The polling interval and the lifetimes (RFC 8628 §3.2, §3.5).

use chrono::Duration;
use serde_json::json;
use tests::support::{Browser, TestServer};

use super::{approve, begin, enter, page_for, polled, signed_in, television, tokens};

#[tokio::test]
async fn a_device_that_polls_too_early_has_to_wait_five_seconds_longer_each_time() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let tv = television(&server, "tv").await;
    let begun = begin(&tv, "read").await;
    for (wait, told) in [
        (0, "authorization_pending"), // the first poll is never too early
        (5, "authorization_pending"),
        (4, "slow_down"),  // from now on 10 s
        (9, "slow_down"),  // from now on 15 s
        (14, "slow_down"), // from now on 20 s
        (20, "authorization_pending"),
        (19, "slow_down"), // remembered
    ] {
        server.clock.advance(Duration::seconds(wait));
        assert_eq!(polled(&tv, &begun).await, told, "after {wait} s");
    }
    // The code is still pending: an approval now still works.
    approve(&signed_in(&server, "ada").await, &begun).await;
    tokens(&tv, &begun).await;
}

#[tokio::test]
async fn a_code_expires_for_the_device_and_for_the_person() {
    let server = TestServer::with(|settings| settings.lifetimes.device_code = Duration::seconds(90)).await;
    server.user("ada").await;
    let tv = television(&server, "tv").await;
    let browser = signed_in(&server, "ada").await;
    let (undecided, approved) = (begin(&tv, "read").await, begin(&tv, "read").await);
    assert_eq!(undecided.0["expires_in"], 90);
    let page = page_for(&browser, &undecided).await;
    approve(&browser, &approved).await;

    server.clock.advance(Duration::seconds(90));
    assert_eq!(polled(&tv, &undecided).await, "expired_token");
    assert_eq!(polled(&tv, &approved).await, "expired_token");
    // The form that is still open in the browser is too late, and so is the code.
    let late = browser.submit(&page, &[("decision", "allow")]).await.page();
    assert_eq!((late.status.as_u16(), late.has("#problem")), (422, true));
    let late = enter(&browser, &late, undecided.text("user_code")).await;
    assert_eq!((late.status.as_u16(), late.has("#problem")), (422, true));
    assert_eq!(polled(&tv, &undecided).await, "expired_token");

    // After an hour, the server does not know the code any more.
    server.clock.advance(Duration::hours(1));
    server.ports.expired.purge(server.now(), 100).await.unwrap();
    assert_eq!(polled(&tv, &undecided).await, "invalid_grant");
}

async fn sign_out(browser: &Browser) {
    let page = browser.open("/oauth/logout").await.page();
    assert!(browser.submit(&page, &[]).await.page().has("#logged-out"));
}

#[tokio::test]
async fn what_a_device_has_ends_with_the_session_that_approved_it_unless_it_is_offline() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let tv = television(&server, "tv").await;
    let browser = signed_in(&server, "ada").await;
    let (bound, offline) = (begin(&tv, "openid read").await, begin(&tv, "openid read offline_access").await);
    approve(&browser, &bound).await;
    approve(&browser, &offline).await;
    let (bound, offline) = (tokens(&tv, &bound).await, tokens(&tv, &offline).await);
    assert!(bound.claims("id_token")["sid"].is_string());
    assert!(offline.claims("id_token").get("sid").is_none(), "the authorization has no session");
    sign_out(&browser).await;
    assert_eq!(tv.userinfo(bound.text("access_token")).await.status(), 401);
    assert_eq!(tv.refresh(bound.text("refresh_token")).await.status(), 400);
    assert_eq!(tv.userinfo(offline.text("access_token")).await.status(), 200);
    server.clock.advance(Duration::days(7));
    assert_eq!(tv.refresh(offline.text("refresh_token")).await.status(), 200);
}

#[tokio::test]
async fn whoever_approves_an_offline_device_may_sign_out_before_it_polls() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let tv = television(&server, "tv").await;
    let borrowed = signed_in(&server, "ada").await;
    let (bound, offline) = (begin(&tv, "read").await, begin(&tv, "read offline_access").await);
    approve(&borrowed, &bound).await;
    approve(&borrowed, &offline).await;
    sign_out(&borrowed).await;
    assert_eq!(polled(&tv, &bound).await, "invalid_grant");
    assert_eq!(tokens(&tv, &offline).await.0["scope"], json!("offline_access read"));
}
