//! The pages below `/admin`: what administrators do there, and that nobody else does.

mod applications;
mod attacks;
mod groups;
mod people;
mod server;

use application::port::EventFilter;
use domain::{Actor, AuditEvent, User};
use reqwest::StatusCode;
use tests::support::{Browser, Landed, Page, TestServer};

/// A server with an administrator, who is signed in.
async fn world() -> (TestServer, User, Browser) {
    with_administrator(TestServer::start().await).await
}

async fn with_administrator(server: TestServer) -> (TestServer, User, Browser) {
    let root = server.user("root").await;
    let promote = |user: &mut User| {
        user.administrator = true;
        Ok(())
    };
    let root = server.users.update(root.id, promote, Actor::CommandLine).await.unwrap();
    let browser = signed_in(&server, "root").await;
    (server, root, browser)
}

async fn signed_in(server: &TestServer, name: &str) -> Browser {
    let browser = Browser::new(&server.issuer);
    browser.sign_in(&browser.open("/login").await.page(), name).await;
    browser
}

/// Sends a form of this page with these fields, and with the values that the page carries.
async fn send(browser: &Browser, page: &Page, fields: &[(&str, &str)]) -> Landed {
    let mut all = Vec::new();
    for name in ["form_token", "version", "client_id"] {
        let selector = format!("main input[type=hidden][name={name}]");
        if page.has(&selector) {
            all.push((name.to_owned(), page.attribute(&selector, "value")));
        }
    }
    all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    browser.post(&page.resolved(&page.attribute("main form[method=post]", "action")), &all).await
}

/// Opens a page, and sends its form with these fields.
async fn submit(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Page {
    let page = browser.open(path).await.page();
    assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.html);
    send(browser, &page, fields).await.page()
}

/// The latest audit event.
async fn last_event(server: &TestServer) -> AuditEvent {
    let latest = server.ports.audit_trail.latest(&EventFilter::default(), None, 1).await.unwrap();
    latest.into_iter().next().unwrap().event
}

/// How many audit events there are.
async fn events(server: &TestServer) -> usize {
    server.ports.audit_trail.latest(&EventFilter::default(), None, 1_000).await.unwrap().len()
}
