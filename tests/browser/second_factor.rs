//! An authenticator app is turned on and used, with JavaScript switched off.

use chrono::{DateTime, Duration, Utc};
use tests::support::{Authenticator, TestServer};

use crate::USERNAME;
use crate::chromium::Chromium;

/// The time of the server, which has the machine's clock in these tests.
#[allow(clippy::disallowed_methods, reason = "the server has the machine's clock")]
pub(crate) fn real_time() -> DateTime<Utc> {
    Utc::now()
}

/// The app whose secret the page shows.
pub(crate) async fn scan(browser: &Chromium) -> Authenticator {
    browser.sees("svg.qr").await;
    Authenticator::new(&browser.reads("#key").await.replace(' ', "").to_uppercase())
}

#[tokio::test]
async fn an_app_is_turned_on_and_used_without_javascript() {
    let server = TestServer::in_real_time().await;
    server.user(USERNAME).await;
    let browser = Chromium::without_javascript().await;
    browser.open(&server.url("/account/security/app")).await;
    browser.signs_in().await;
    let app = scan(&browser).await;
    browser.types("#code", &app.code(real_time())).await;
    browser.clicks("#turn-on").await;
    let codes = browser.reads("#recovery-codes").await;
    let codes: Vec<_> = codes.split_whitespace().collect();
    assert_eq!(codes.len(), 10, "{codes:?}");
    browser.clicks("#saved").await;
    browser.sees("#make").await;
    browser.open(&server.url("/oauth/logout")).await;
    browser.clicks("#logout").await;
    browser.sees("#logged-out").await;

    browser.open(&server.url("/login")).await;
    browser.signs_in().await;
    browser.types("#code", "000000 000000").await;
    browser.clicks("#continue").await;
    browser.sees("#problem").await;
    // The code that turned it on is used; that of the next step is accepted already.
    browser.types("#code", &app.code(real_time() + Duration::seconds(30))).await;
    browser.clicks("#continue").await;
    assert!(browser.reads("body").await.contains(USERNAME));
    browser.open(&server.url("/oauth/logout")).await;
    browser.clicks("#logout").await;
    browser.sees("#logged-out").await;

    browser.open(&server.url("/login")).await;
    browser.signs_in().await;
    browser.clicks("#use-recovery").await;
    browser.types("#code", codes[0]).await;
    browser.clicks("#continue").await;
    browser.open(&server.url("/account/security/codes")).await;
    assert!(browser.reads("body").await.contains("9 codes left"));
    browser.end().await;
}
