//! `/admin/api/users/{id}/consents`: remembered consents, and what is live with or without one.

use chrono::Duration;
use domain::client::ClientAuthentication;
use domain::{Actor, Session};
use reqwest::Method;
use serde_json::{Value, json};
use tests::support::{Browser, RelyingParty, TestServer};

use super::{Caller, events, events_since, refusal};
use crate::device;

fn path(user: &domain::User) -> String {
    format!("/admin/api/users/{}/consents", user.id)
}

fn ids(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["client_id"].as_str().unwrap()).collect()
}

/// A first-party client of an operator: the user is not asked, and no consent is remembered.
async fn first_party(server: &TestServer, id: &str) -> RelyingParty {
    RelyingParty::register(server, id, |client| client.first_party = true).await
}

/// A native application: the user is asked each time (RFC 8252 §8.6), and no consent is remembered.
async fn native(server: &TestServer, id: &str) -> RelyingParty {
    RelyingParty::register(server, id, |client| {
        client.authentication = ClientAuthentication::None;
        client.redirect_uris = vec!["http://127.0.0.1/cb".parse().unwrap()];
    })
    .await
}

async fn only_session(server: &TestServer, user: &domain::User) -> Session {
    let mut sessions = server.ports.sessions.list(user.id, None, 2, server.now()).await.unwrap();
    assert_eq!(sessions.len(), 1);
    sessions.pop().unwrap()
}

#[tokio::test]
async fn grants_without_a_remembered_consent_are_listed_with_what_is_live() {
    let server = TestServer::start().await;
    let tool = Caller::administrative_client(&server).await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    let own = first_party(&server, "own").await;
    let app = native(&server, "app").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let tv = device::television(&server, "tv").await;
    let browser = Browser::new(&server.issuer);
    let began = serde_json::to_value(server.now()).unwrap();
    let first = own.tokens(&browser, "ada", &[]).await;
    app.tokens(&browser, "ada", &[("scope", "openid offline_access")]).await;
    web.tokens(&browser, "ada", &[("scope", "openid email")]).await;
    let begun = device::begin(&tv, "openid read").await;
    device::approve(&browser, &begun).await;
    device::tokens(&tv, &begun).await;
    own.tokens(&Browser::new(&server.issuer), "eve", &[]).await;
    server.clock.advance(Duration::seconds(60));
    let later = serde_json::to_value(server.now()).unwrap();
    own.tokens(&browser, "ada", &[("scope", "openid read")]).await;
    let again = own.refresh(first.text("refresh_token")).await;
    RelyingParty::successful(again).await;

    let list = tool.get(&server, &path(&ada)).await;
    assert_eq!(ids(&list), ["app", "own", "tv", "web"]);
    let [app, own, tv, web] = [0, 1, 2, 3].map(|at| &list["items"][at]);
    for (item, name, remembered, scope) in [
        (app, "The app application", false, "offline_access openid"),
        (own, "The own application", false, "email openid profile read"),
        (tv, "The tv application", false, "openid read"),
        (web, "The web application", true, "email openid"),
    ] {
        assert_eq!(item["client_name"], name, "{item}");
        assert_eq!(item["remembered"], remembered, "{item}");
        assert_eq!(item.get("granted_at").is_some(), remembered, "{item}");
        assert_eq!(item["scope"], scope, "{item}");
    }
    for (item, grants, offline, until_session_ends, refreshed) in
        [(app, 1, 1, 0, None), (own, 2, 0, 2, Some(&later)), (tv, 1, 0, 1, None), (web, 1, 0, 1, None)]
    {
        let live = &item["live"];
        assert_eq!((&live["grants"], &live["offline"]), (&json!(grants), &json!(offline)), "{item}");
        assert_eq!(live["until_session_ends"], until_session_ends, "{item}");
        assert_eq!((&live["since"], live.get("last_refreshed_at")), (&began, refreshed), "{item}");
        assert!(live["expires_at"].as_str().unwrap() > later.as_str().unwrap(), "{item}");
    }
    assert_eq!(ids(&tool.get(&server, &path(&eve)).await), ["own"]);
    for item in list["items"].as_array().unwrap() {
        let alone = format!("{}/{}", path(&ada), item["client_id"].as_str().unwrap());
        assert_eq!(&tool.get(&server, &alone).await, item);
    }

    // What ends with the session is gone; a consent stays, and so does what is offline.
    let session = only_session(&server, &ada).await;
    server.users.end_session(ada.id, session.id, Actor::CommandLine).await.unwrap();
    let list = tool.get(&server, &path(&ada)).await;
    assert_eq!(ids(&list), ["app", "web"]);
    assert_eq!(list["items"][1]["live"], json!({"grants": 0, "offline": 0, "until_session_ends": 0}));
}

#[tokio::test]
async fn a_page_ends_after_a_client_whether_it_has_a_consent_or_grants() {
    let server = TestServer::start().await;
    let tool = Caller::administrative_client(&server).await;
    let ada = server.user("ada").await;
    let browser = Browser::new(&server.issuer);
    let ids_in_order = ["A-own", "B-web", "a-web", "b-own", "c-own", "d-web"];
    for id in ids_in_order.into_iter().rev() {
        let party = match id.ends_with("own") {
            true => first_party(&server, id).await,
            false => RelyingParty::confidential(&server, id).await,
        };
        party.tokens(&browser, "ada", &[]).await;
        party.tokens(&browser, "ada", &[]).await;
    }
    for limit in 1..=6 {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = tool.get(&server, &format!("{}?limit={limit}{cursor}", path(&ada))).await;
            assert!(
                page["items"].as_array().unwrap().iter().all(|item| item["live"]["grants"] == 2),
                "{page}"
            );
            seen.extend(ids(&page).into_iter().map(str::to_owned));
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, ids_in_order, "{limit} to a page");
    }
}

#[tokio::test]
async fn grants_without_a_remembered_consent_are_withdrawn() {
    let server = TestServer::start().await;
    let tool = Caller::administrative_client(&server).await;
    let ada = server.user("ada").await;
    let (own, other) = (first_party(&server, "own").await, first_party(&server, "other").await);
    let browser = Browser::new(&server.issuer);
    let tokens = own.tokens(&browser, "ada", &[("scope", "openid offline_access")]).await;
    let untouched = other.tokens(&browser, "ada", &[]).await;
    let withdraw = format!("{}/own", path(&ada));
    let before = events(&server).await;
    tool.delete(&server, &withdraw, 204).await;
    assert_eq!(own.userinfo(tokens.text("access_token")).await.status(), 401);
    assert_eq!(own.refresh(tokens.text("refresh_token")).await.status(), 400);
    assert_eq!(other.userinfo(untouched.text("access_token")).await.status(), 200);
    assert_eq!(ids(&tool.get(&server, &path(&ada)).await), ["other"]);
    for method in [Method::GET, Method::DELETE] {
        let nothing = tool.answered(&server, (method, &withdraw), None, 404).await;
        refusal(&nothing, "invalid_request");
    }
    let events = events_since(&server, before).await;
    let actions: Vec<_> = events.iter().map(|event| event.action.as_str()).collect();
    assert_eq!(actions, ["consent.withdraw"]);
}

#[tokio::test]
async fn grants_that_ended_with_their_session_leave_nothing_to_withdraw() {
    let server = TestServer::start().await;
    let tool = Caller::administrative_client(&server).await;
    let ada = server.user("ada").await;
    let own = first_party(&server, "own").await;
    own.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    let session = only_session(&server, &ada).await;
    server.users.end_session(ada.id, session.id, Actor::CommandLine).await.unwrap();
    assert_eq!(tool.get(&server, &path(&ada)).await, json!({"items": []}));
    tool.delete(&server, &format!("{}/own", path(&ada)), 404).await;
}
