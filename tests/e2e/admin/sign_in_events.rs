//! `/admin/api/events`, `/admin/api/users/{id}/events` and `/admin/api/users/{id}/unlock`.

use chrono::Duration;
use reqwest::Method;
use serde_json::{Value, json};
use tests::support::{Browser, PASSWORD, TestServer};

use super::{Caller, events_since, refusal};

async fn attempt(server: &TestServer, username: &str, password: &str) -> u16 {
    server.clock.advance(Duration::seconds(1));
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    browser.submit(&login, &[("username", username), ("password", password)]).await.page().status.as_u16()
}

fn kinds(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_administrator_sees_who_signed_in_and_who_failed() {
    let server = TestServer::with(|settings| settings.authentication_limit.attempts = 1).await;
    let root = Caller::administrator(&server).await;
    let ada = server.user("ada").await.id;
    for (password, status) in [(PASSWORD, 200), ("wrong", 422), (PASSWORD, 429)] {
        assert_eq!(attempt(&server, "ada", password).await, status);
    }
    server.sign_in_recorder.flush().await;
    let of_ada = format!("/admin/api/users/{ada}/events");
    let page = root.get(&server, &of_ada).await;
    assert_eq!(kinds(&page), ["locked_out", "wrong_password", "signed_in"]);
    let at = |seconds| serde_json::to_value(server.now() - Duration::seconds(seconds)).unwrap();
    let until = serde_json::to_value(server.now() - Duration::seconds(1) + Duration::minutes(15)).unwrap();
    let locked = &page["items"][0];
    let expected = json!({
        "id": locked["id"], "at": at(0), "user": ada, "kind": "locked_out", "address": "127.0.0.1", "until": until,
    });
    assert_eq!(locked, &expected);
    assert_eq!(page["items"][2]["at"], at(2));
    assert!(page.get("next").is_none());
    // Page by page, and filtered.
    let first = root.get(&server, &format!("{of_ada}?limit=2")).await;
    let next = first["next"].as_str().unwrap();
    let second = root.get(&server, &format!("{of_ada}?limit=2&cursor={next}")).await;
    assert_eq!((kinds(&first).len(), kinds(&second)), (2, vec!["signed_in"]));
    let failures = root.get(&server, &format!("{of_ada}?kind=locked_out+wrong_password")).await;
    assert_eq!(kinds(&failures).len(), 2);
    let since = (server.now() - Duration::seconds(1)).to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    assert_eq!(kinds(&root.get(&server, &format!("{of_ada}?since={since}")).await).len(), 2);
    assert_eq!(kinds(&root.get(&server, &format!("{of_ada}?until={since}")).await), ["signed_in"]);
    // Of all users.
    let all = root.get(&server, "/admin/api/events").await;
    assert_eq!(kinds(&all), ["locked_out", "wrong_password", "signed_in", "signed_in"]);
    for query in ["kind=signin", "since=yesterday", "limit=0", "cursor=x"] {
        let answer = (Method::GET, &*format!("{of_ada}?{query}"));
        refusal(&root.answered(&server, answer, None, 400).await, "invalid_request");
    }
    let unknown = "/admin/api/users/00000000-0000-4000-8000-000000000000";
    for (method, path) in [(Method::GET, "events"), (Method::POST, "unlock")] {
        root.answered(&server, (method, &format!("{unknown}/{path}")), None, 404).await;
    }
}

#[tokio::test]
async fn an_administrator_ends_a_lockout_and_the_trail_says_who_did() {
    let server = TestServer::with(|settings| settings.authentication_limit.attempts = 1).await;
    let root = Caller::administrator(&server).await;
    let ada = server.user("ada").await.id;
    for (password, status) in [("wrong", 422), (PASSWORD, 429)] {
        assert_eq!(attempt(&server, "ada", password).await, status);
    }
    let path = format!("/admin/api/users/{ada}/unlock");
    let account = root.answered(&server, (Method::POST, &path), None, 200).await;
    assert_eq!(account["username"], "ada");
    assert_eq!(attempt(&server, "ada", PASSWORD).await, 200);
    let latest = events_since(&server, 0).await.pop().unwrap();
    assert_eq!((latest.action.as_str(), latest.target), ("user.unlock", ada.to_string()));
    let page = root.get(&server, &format!("/admin/api/users/{ada}/events?kind=unlocked")).await;
    assert_eq!(page["items"][0]["address"], "127.0.0.1");
}
