//! A person presses a button again because the application is slow, and goes back to a page that has ended.

use std::time::Duration;

use crate::chromium::Chromium;
use crate::server_and_client;

/// The second press, while the browser waits for the application.
const PRESS_AGAIN: &str = "setTimeout(() => document.querySelector('#allow').click(), 1000)";

#[tokio::test]
async fn allow_that_is_pressed_twice_while_the_application_is_slow_brings_one_code_and_the_back_button_leads_on()
 {
    let (_server, client) = server_and_client().await;
    let browser = Chromium::start().await;
    browser.open(&client.registered.authorization_url(&[])).await;
    browser.signs_in().await;
    browser.sees("#allow").await;
    client.is_slow(Duration::from_secs(3));
    browser.page().execute(PRESS_AGAIN, Vec::new()).await.expect("a timer");
    browser.clicks("#allow").await;
    browser.sees("#arrived").await;
    let (first, second) = (client.arrival().await, client.arrival().await);
    assert_eq!((first.code(), first.get("state")), (second.code(), second.get("state")));
    assert_eq!(second.get("error"), None);
    client.registered.redeemed(second.code()).await;
    client.is_slow(Duration::ZERO);

    // To the consent page, and to the login page before it. Chromium may show its own copy of the consent page first: no cookie has
    // changed since. What it loads says that the page has ended.
    for _ in 0..2 {
        browser.page().back().await.expect("the page before");
        if browser.has("#allow").await {
            browser.page().refresh().await.expect("the page again");
        }
        browser.sees("#signed-in").await;
        assert!(!browser.has("input[type=password]").await && !browser.has("#allow").await);
        let way = browser.sees("#back").await.attr("href").await.expect("an attribute");
        assert_eq!(way, client.registered.redirect_uri.strip_suffix("callback").map(str::to_owned));
    }
    // The application asks again, and the person is still signed in and has agreed.
    browser.open(&client.registered.authorization_url(&[])).await;
    browser.sees("#arrived").await;
    assert_ne!(client.arrival().await.code(), first.code());
    browser.end().await;
}
