//! One-time links that administrators give out.

use serde_json::json;
use tests::support::{Browser, PASSWORD, TestServer};

use super::{Caller, events_since};

#[tokio::test]
async fn an_administrator_invites_a_person_whose_password_nobody_else_knows() {
    let server = TestServer::start().await;
    let root = Caller::administrator(&server).await;
    let new = json!({"username": "ada", "email": "ada@example.com"});
    let id = root.post(&server, "/admin/api/users", &new, 201).await["id"].as_str().unwrap().to_owned();
    let path = format!("/admin/api/users/{id}/invite");
    let first = root.post(&server, &path, &json!({}), 200).await;
    let second = root.post(&server, &path, &json!({}), 200).await;
    assert_eq!(second["kind"], "invitation");
    assert_ne!(first["link"], second["link"]);
    let until = serde_json::to_value(server.now() + chrono::Duration::days(7)).unwrap();
    assert_eq!(second["expires_at"], until);

    let browser = Browser::new(&server.issuer);
    assert_eq!(browser.open(first["link"].as_str().unwrap()).await.page().status, 410);
    let page = browser.open(second["link"].as_str().unwrap()).await.page();
    let fields = [("password", PASSWORD), ("password_again", PASSWORD)];
    assert!(browser.submit(&page, &fields).await.page().has("#link-done"));
    Caller::signed_in(&server, "ada").await;

    let events = events_since(&server, 3).await;
    let told: Vec<_> = events.iter().map(|event| event.action.as_str()).collect();
    assert_eq!(told, ["user.invite", "user.invite", "user.accept-invitation"]);
    let accepted = &events[2];
    assert_eq!((accepted.actor.kind(), accepted.target.as_str()), ("person", id.as_str()));
    assert_eq!(accepted.actor.id().as_deref(), Some(id.as_str()));
    assert_eq!(accepted.address.as_deref(), Some("127.0.0.1"));
    let everything = serde_json::to_string(&events).unwrap();
    for link in [&first, &second] {
        let token = link["link"].as_str().unwrap().split_once("token=").unwrap().1;
        assert!(!everything.contains(token), "no event has a token");
    }
    // Who has a password is not invited.
    root.post(&server, &path, &json!({}), 409).await;
}

#[tokio::test]
async fn a_link_for_a_disabled_or_unknown_user_or_without_an_address_is_refused() {
    let server = TestServer::start().await;
    let root = Caller::administrator(&server).await;
    let ada = server.user("ada").await;
    let path = |action: &str| format!("/admin/api/users/{}/{action}", ada.id);
    for body in [json!({}), json!({"email": 1}), json!({"email": ""})] {
        root.post(&server, &path("email-link"), &body, 400).await;
    }
    let link = root.post(&server, &path("email-link"), &json!({"email": "new@example.com"}), 200).await;
    assert!(link["link"].as_str().unwrap().starts_with(&server.url("/verify?token=")));
    root.post(&server, &path("disable"), &json!({}), 200).await;
    root.post(&server, &path("reset-link"), &json!({}), 409).await;
    root.post(&server, "/admin/api/users/00000000-0000-4000-8000-000000000000/reset-link", &json!({}), 404)
        .await;
}
