//! Creates the first administrator with the one-time set-up link.

use ::server::compose;
use application::users::set_up::OfferedLink;
use tests::support::{PASSWORD, TestServer};

use crate::USERNAME;
use crate::chromium::Chromium;

/// The set-up link that a first start prints.
pub(crate) async fn link(server: &TestServer) -> String {
    let set_up = compose::set_up(&server.ports, &server.settings);
    let OfferedLink::New(token) = set_up.offer().await.expect("a store") else { panic!("no link") };
    server.url(&format!("/setup?token={}", token.expose()))
}

#[tokio::test]
async fn the_set_up_page_makes_the_first_administrator_once() {
    let server = TestServer::in_real_time().await;
    let link = link(&server).await;
    let browser = Chromium::start().await;

    browser.open(&link).await;
    browser.types("#username", USERNAME).await;
    browser.types("#password", PASSWORD).await;
    browser.types("#password_again", "something else entirely").await;
    browser.clicks("#create").await;
    assert!(browser.reads("#problem").await.contains("do not match"));

    browser.types("#password", PASSWORD).await;
    browser.types("#password_again", PASSWORD).await;
    browser.clicks("#create").await;
    browser.sees("a[href='/admin']").await;
    assert_eq!(browser.reads("h1").await, "This server is ready");
    browser.clicks("a[href='/admin']").await;
    browser.signs_in().await;
    browser.sees("#first-app").await;
    assert!(browser.reads(".who").await.contains("You are signed in as ada"));
    let user = server.users.find_by_sign_in_name(&USERNAME.parse().expect("a user name")).await;
    assert!(user.expect("the administrator").administrator);

    browser.open(&link).await;
    browser.sees("#already-set-up").await;
    browser.end().await;
}
