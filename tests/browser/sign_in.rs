//! Login and consent (OpenID Connect Core §3.1.2.3, §3.1.2.4).

use crate::chromium::Chromium;
use crate::server_and_client;

#[tokio::test]
async fn a_user_signs_in_and_consents_and_lands_at_the_client() {
    let (server, client) = server_and_client().await;
    let browser = Chromium::start().await;
    browser.open(&client.registered.authorization_url(&[])).await;
    assert!(browser.reads("main").await.contains("The notes application"));
    browser.signs_in().await;
    browser.sees("#allow").await;
    assert!(browser.reads("h1").await.contains("The notes application"));
    assert!(browser.reads(".scopes").await.contains("See your e-mail address"));
    browser.clicks("#allow").await;
    browser.sees("#arrived").await;

    let arrival = client.arrival().await;
    assert_eq!(arrival.method, "GET");
    assert_eq!(arrival.get("state"), Some("state-1"));
    assert_eq!(arrival.get("iss"), Some(server.issuer.as_str()));
    let tokens = client.registered.redeemed(arrival.code()).await;
    let answer = client.registered.userinfo(tokens.text("access_token")).await;
    assert_eq!(answer.status(), 200);
    browser.end().await;
}

#[tokio::test]
async fn a_user_denies_and_the_client_is_told() {
    let (_server, client) = server_and_client().await;
    let browser = Chromium::start().await;
    browser.open(&client.registered.authorization_url(&[])).await;
    browser.signs_in().await;
    browser.clicks("#deny").await;
    browser.sees("#arrived").await;

    let arrival = client.arrival().await;
    assert_eq!(arrival.get("error"), Some("access_denied"));
    assert_eq!(arrival.get("state"), Some("state-1"));
    assert_eq!(arrival.get("code"), None);
    browser.end().await;
}

#[tokio::test]
async fn a_wrong_password_is_a_problem_that_the_right_one_solves() {
    let (_server, client) = server_and_client().await;
    let browser = Chromium::start().await;
    browser.open(&client.registered.authorization_url(&[])).await;
    browser.signs_in_with("not it at all").await;
    assert!(browser.reads("#problem").await.contains("do not match"));
    let typed = browser.sees("#username").await.prop("value").await;
    assert_eq!(typed.expect("a field"), Some(crate::USERNAME.to_owned()));
    let password = browser.sees("#password").await.prop("value").await;
    assert_eq!(password.expect("a field"), Some(String::new()), "the page echoes the password");

    browser.signs_in().await;
    browser.clicks("#allow").await;
    browser.sees("#arrived").await;
    assert!(client.arrival().await.get("code").is_some());
    browser.end().await;
}
