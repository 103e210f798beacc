//! The Content-Security-Policy of the pages (CSP Level 3).

use crate::chromium::{Chromium, violations};
use crate::server_and_client;

/// A script that an attacker could inject into a page.
const INJECTION: &str = "const script = document.createElement('script');
    script.textContent = 'document.title = \"stolen\"';
    document.body.append(script);";

#[tokio::test]
async fn a_script_that_is_not_ours_does_not_run_and_is_seen_in_the_console() {
    let (_server, client) = server_and_client().await;
    let browser = Chromium::start().await;
    browser.open(&client.registered.authorization_url(&[])).await;
    browser.sees("#login").await;
    browser.page().execute(INJECTION, Vec::new()).await.expect("an execution");
    assert_eq!(browser.page().title().await.expect("a title"), "Sign in - 127.0.0.1");
    let console = browser.console().await;
    assert_eq!(violations(&console).len(), 1, "{console:#?}");
    browser.end().await;
}
