//! `/admin/api/users`, their sessions and consents, the audit trail and the rotation of keys.

use chrono::Duration;
use reqwest::Method;
use serde_json::{Value, json};
use tests::support::{Browser, Callback, Landed, PASSWORD, RelyingParty, TestServer};

use super::{Caller, administrator, events, plain, refusal};

const USERS: &str = "/admin/api/users";
const UNKNOWN_USER: &str = "00000000-0000-4000-8000-000000000000";

fn path(id: &str) -> String {
    format!("{USERS}/{id}")
}

#[tokio::test]
async fn a_user_is_created_seen_changed_and_deleted() {
    let server = TestServer::start().await;
    let root = Caller::administrator(&server).await;
    let new =
        json!({"username": "ada", "password": PASSWORD, "email": "ada@example.com", "email_verified": true});
    let created = root.post(&server, USERS, &new, 201).await;
    let id = created["id"].as_str().unwrap();
    let now = serde_json::to_value(server.now()).unwrap();
    let expected = json!({
        "id": id, "username": "ada", "admin": false, "has_password": true, "email": "ada@example.com",
        "email_verified": true, "created_at": now, "updated_at": now,
    });
    assert_eq!(created, expected);
    assert_eq!(root.get(&server, &path(id)).await, expected);
    Caller::signed_in(&server, "ada").await;

    server.clock.advance(Duration::seconds(5));
    let change = json!({"username": "Countess", "name": "Ada", "email": "new@example.com", "admin": true});
    let changed = root.patch(&server, &path(id), &change, 200).await;
    assert_eq!((&changed["username"], &changed["admin"]), (&json!("Countess"), &json!(true)));
    assert!(changed.get("email_verified").is_none(), "the new address is not verified");
    assert_eq!(changed["updated_at"], serde_json::to_value(server.now()).unwrap());
    let removed = root.patch(&server, &path(id), &json!({"name": null, "admin": false}), 200).await;
    assert!(removed.get("name").is_none() && removed["admin"] == false);
    Caller::signed_in(&server, "countess").await;

    root.delete(&server, &path(id), 204).await;
    root.delete(&server, &path(id), 404).await;
}

#[tokio::test]
async fn a_change_of_one_claim_leaves_the_others_and_a_replacement_leaves_none() {
    let server = TestServer::start().await;
    let root = Caller::administrator(&server).await;
    let new = json!({"username": "ada", "email": "ada@example.com", "department": "research", "level": 7});
    let id = root.post(&server, USERS, &new, 201).await["id"].as_str().unwrap().to_owned();
    let claims = |user: &Value| {
        let names = ["email", "department", "level", "rooms"];
        names.map(|name| user.get(name).cloned().unwrap_or_default())
    };
    let changed = root.patch(&server, &path(&id), &json!({"rooms": ["a"], "level": null}), 200).await;
    assert_eq!(claims(&changed), [json!("ada@example.com"), json!("research"), Value::Null, json!(["a"])]);
    assert_eq!(claims(&root.get(&server, &path(&id)).await), claims(&changed));

    let whole = format!("{}/claims", path(&id));
    for (claims, name) in [
        (json!({"groups": ["root"]}), "groups"),
        (json!({"sub": "x"}), "sub"),
        (json!({"admin": true}), "admin"),
        (json!({"two words": 1}), "two words"),
        (json!({"email": 1}), "email"),
        (json!({"large": "x".repeat(5_000)}), "large"),
    ] {
        for (method, address) in [(Method::PATCH, path(&id)), (Method::PUT, whole.clone())] {
            if name == "admin" && method == Method::PATCH {
                continue;
            }
            let answer = root.send(&server, method, &address, Some(&claims)).await;
            assert_eq!(answer.status(), 400, "{claims}");
            let told: Value = answer.json().await.unwrap();
            assert!(told["error_description"].as_str().unwrap().contains(name), "{told}");
        }
    }
    let replaced = root.answered(&server, (Method::PUT, &whole), Some(&json!({"level": 8})), 200).await;
    assert_eq!(claims(&replaced), [Value::Null, Value::Null, json!(8), Value::Null]);
    assert_eq!(replaced["username"], "ada");
    let unknown = format!("{}/claims", path(UNKNOWN_USER));
    root.answered(&server, (Method::PUT, &unknown), Some(&json!({})), 404).await;
}

#[tokio::test]
async fn a_document_never_holds_a_password_and_the_list_leads_from_part_to_part() {
    let server = TestServer::start().await;
    let root = Caller::administrator(&server).await;
    for number in 0..4 {
        root.post(&server, USERS, &json!({"username": format!("user-{number}"), "password": PASSWORD}), 201)
            .await;
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = root.get(&server, &format!("{USERS}?limit=2{cursor}")).await;
        assert!(!page.to_string().contains("argon2"), "{page}");
        seen.extend(
            page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()),
        );
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let mut sorted = seen.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!((seen.len(), &seen), (5, &sorted));
    for query in ["limit=0", "limit=201", "cursor=YQ", "cursor=%"] {
        let listed = root.answered(&server, (Method::GET, &format!("{USERS}?{query}")), None, 400).await;
        refusal(&listed, "invalid_request");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_user_is_named_and_nothing_is_changed() {
    let server = TestServer::start().await;
    let root = Caller::administrative_client(&server).await;
    let ada = server.user("ada").await.id.to_string();
    let before = events(&server).await;
    for (document, member) in [
        (json!({}), "username"),
        (json!({"username": ""}), "username"),
        (json!({"username": 1}), "username"),
        (json!({"username": "x", "password": "short"}), "password"),
        (json!({"username": "long-enough", "password": "Long-Enough"}), "password"),
        (json!({"username": "x", "password": 1}), "password"),
        (json!({"username": "x", "admin": "yes"}), "admin"),
        (json!({"username": "x", "email": ""}), "email"),
        (json!({"username": "x", "groups": ["admin"]}), "groups"),
        (json!({"username": "x", "email": "ada"}), "email: an e-mail address has a name, @ and a domain"),
        (json!({"username": "x", "email": "a da@example.com"}), "email: before the @"),
        (json!({"username": "x", "email": "ada@-"}), "email: after the @"),
        (json!({"username": "a\u{200b}b"}), "username: a user name cannot have the character U+200B"),
        (json!({"username": " a"}), "username: a user name has single spaces"),
        (
            json!({"username": "long-enough", "password": "long-enough1"}),
            "password: This password can be guessed from a name",
        ),
        (
            json!({"username": "x", "email": "long@enough.example", "password": "Long@Enough.example"}),
            "password: The password must not be the e-mail address",
        ),
        (json!({"username": "x", "password": "philosophy"}), "password: One word or name is guessed quickly"),
        (json!({"username": "x", "id": UNKNOWN_USER}), "id"),
        (json!({"username": "x", "password_hash": "$argon2id$"}), "password_hash"),
    ] {
        let body = root.post(&server, USERS, &document, 400).await;
        refusal(&body, "invalid_request");
        let description = body["error_description"].as_str().unwrap();
        assert!(description.starts_with(member), "{document}: {description}");
    }
    for (document, member) in [
        (json!({"password": PASSWORD}), "password"),
        (json!({"username": null}), "username"),
        (json!({"disabled_at": null}), "disabled_at"),
        (json!({"email_verified": "yes"}), "email_verified"),
    ] {
        let body = root.patch(&server, &path(&ada), &document, 400).await;
        assert!(body["error_description"].as_str().unwrap().starts_with(member), "{document}: {body}");
    }
    for body in [json!([]), json!("x")] {
        refusal(&root.post(&server, USERS, &body, 400).await, "invalid_request");
    }
    refusal(&root.post(&server, USERS, &json!({"username": "ADA"}), 409).await, "invalid_request");
    let bob = server.user("bob").await.id.to_string();
    refusal(&root.patch(&server, &path(&bob), &json!({"username": "Ada"}), 409).await, "invalid_request");
    // A user name must not equal the e-mail address of another user, and the other way round.
    for taken in [
        json!({"username": "x", "email": "ADA@Example.com"}),
        json!({"username": "ada@example.com"}),
        json!({"username": "x", "email": "ada@\u{ff45}xample.com"}),
    ] {
        let body = root.post(&server, USERS, &taken, 409).await;
        refusal(&body, "invalid_request");
        let description = body["error_description"].as_str().unwrap();
        let member = if taken.get("email").is_some() { "email: " } else { "username: " };
        assert!(description.starts_with(member), "{taken}: {description}");
    }
    for taken in [json!({"username": "ADA@example.com"}), json!({"email": "Ada@example.com"})] {
        refusal(&root.patch(&server, &path(&bob), &taken, 409).await, "invalid_request");
    }
    let large = json!({"username": "x", "name": "x".repeat(70_000)});
    refusal(&root.post(&server, USERS, &large, 413).await, "invalid_request");
    assert_eq!(events(&server).await, before + 1, "only bob was made");
}

#[tokio::test]
async fn an_unknown_user_is_not_found_whatever_is_asked() {
    let server = TestServer::start().await;
    let root = Caller::administrative_client(&server).await;
    let password = json!({"password": PASSWORD});
    for id in [UNKNOWN_USER, "ada", "%ff"] {
        for (method, rest, body) in [
            (Method::GET, "", None),
            (Method::PATCH, "", Some(json!({"name": "x"}))),
            (Method::DELETE, "", None),
            (Method::POST, "/disable", None),
            (Method::POST, "/enable", None),
            (Method::POST, "/set-password", Some(password.clone())),
            (Method::GET, "/sessions", None),
            (Method::DELETE, "/sessions", None),
            (Method::GET, "/consents", None),
            (Method::DELETE, "/consents/tool", None),
        ] {
            let path = format!("{}{rest}", path(id));
            refusal(&root.answered(&server, (method, &path), body.as_ref(), 404).await, "invalid_request");
        }
        root.delete(&server, &format!("{}/sessions/{UNKNOWN_USER}", path(id)), 404).await;
    }
}

#[tokio::test]
async fn a_new_password_and_a_disabling_end_the_sessions_of_a_user() {
    let server = TestServer::start().await;
    let root = Caller::administrator(&server).await;
    let id = server.user("ada").await.id.to_string();
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let offline = [("scope", "openid offline_access")];
    let tokens = web.tokens(&browser, "ada", &offline).await;
    let set = format!("{}/set-password", path(&id));
    for (body, reason) in [(json!({}), "password"), (json!({"password": "short"}), "password: ")] {
        let refused = root.post(&server, &set, &body, 400).await;
        assert!(refused["error_description"].as_str().unwrap().starts_with(reason), "{refused}");
    }
    assert_eq!(web.userinfo(tokens.text("access_token")).await.status(), 200);
    root.post(&server, &set, &json!({"password": "another battery staple"}), 204).await;
    assert_eq!(web.userinfo(tokens.text("access_token")).await.status(), 401);
    assert!(browser.open(&web.authorization_url(&[])).await.page().has("#login"));

    let disabled = root.answered(&server, (Method::POST, &format!("{}/disable", path(&id))), None, 200).await;
    assert!(disabled["disabled_at"].is_string());
    let login = browser.open("/login").await.page();
    let fields = [("username", "ada"), ("password", "another battery staple")];
    assert_eq!(browser.submit(&login, &fields).await.page().status, 422);
    let enabled = root.answered(&server, (Method::POST, &format!("{}/enable", path(&id))), None, 200).await;
    assert!(enabled.get("disabled_at").is_none());
    assert_eq!(browser.submit(&login, &fields).await.page().status, 200);
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one_or_all_at_once() {
    let server = TestServer::start().await;
    let root = Caller::administrator(&server).await;
    let (ada, eve) = (server.user("ada").await.id.to_string(), server.user("eve").await.id.to_string());
    let web = RelyingParty::confidential(&server, "web").await;
    let browsers = [(); 3].map(|()| Browser::new(&server.issuer));
    let mut tokens = Vec::new();
    for browser in &browsers {
        tokens.push(web.tokens(browser, "ada", &[]).await);
    }
    let sessions = format!("{}/sessions", path(&ada));
    let listed = root.get(&server, &sessions).await;
    let listed = listed["items"].as_array().unwrap();
    assert_eq!(listed.len(), 3);
    let mut members: Vec<_> = listed[0].as_object().unwrap().keys().map(String::as_str).collect();
    members.retain(|member| !["id", "auth_time", "acr", "amr", "expires_at"].contains(member));
    assert!(members.is_empty(), "nothing that opens a session: {members:?}");
    let first = listed[0]["id"].as_str().unwrap();
    root.delete(&server, &format!("{}/sessions/{first}", path(&eve)), 404).await;
    root.delete(&server, &format!("{sessions}/nonsense"), 404).await;
    root.delete(&server, &format!("{sessions}/{first}"), 204).await;
    root.delete(&server, &format!("{sessions}/{first}"), 404).await;
    let alive = async || {
        let mut alive = 0;
        for token in &tokens {
            alive += usize::from(web.userinfo(token.text("access_token")).await.status() == 200);
        }
        alive
    };
    assert_eq!(alive().await, 2);
    root.delete(&server, &sessions, 204).await;
    assert_eq!(alive().await, 0);
    for browser in &browsers {
        assert!(browser.open(&web.authorization_url(&[])).await.page().has("#login"));
    }
    assert_eq!(root.get(&server, &sessions).await, json!({"items": []}));
    root.delete(&server, &sessions, 204).await;
}

#[tokio::test]
async fn a_withdrawn_consent_is_asked_for_again_and_nothing_that_was_granted_works() {
    let server = TestServer::start().await;
    let root = Caller::administrator(&server).await;
    let ada = server.user("ada").await.id.to_string();
    let (web, other) = (
        RelyingParty::confidential(&server, "web").await,
        RelyingParty::confidential(&server, "other").await,
    );
    let browser = Browser::new(&server.issuer);
    let offline = [("scope", "openid offline_access")];
    let tokens = web.tokens(&browser, "ada", &offline).await;
    let untouched = other.tokens(&browser, "ada", &offline).await;
    let code = web.code(&browser, "ada", &offline).await;
    let consents = format!("{}/consents", path(&ada));
    let listed = root.get(&server, &consents).await;
    let clients: Vec<_> = listed["items"].as_array().unwrap().iter().map(|item| &item["client_id"]).collect();
    assert_eq!(clients, ["other", "web"]);
    assert_eq!(listed["items"][1]["scope"], "offline_access openid");
    root.delete(&server, &format!("{consents}/web"), 204).await;
    assert_eq!(web.userinfo(tokens.text("access_token")).await.status(), 401);
    assert_eq!(web.refresh(tokens.text("refresh_token")).await.status(), 400);
    assert_eq!(web.redeem(&code).await.status(), 400, "a code that was issued before");
    assert_eq!(other.userinfo(untouched.text("access_token")).await.status(), 200);
    root.delete(&server, &format!("{consents}/web"), 404).await;
    root.delete(&server, &format!("{consents}/nothing"), 404).await;
    // The user is still signed in, and is asked for consent again; then the flow works.
    server.clock.advance(Duration::seconds(1));
    let consent = match browser.open(&web.authorization_url(&offline)).await {
        Landed::Page(page) => page,
        Landed::Client(url) => panic!("the user was not asked: {url}"),
    };
    let callback = Callback::from_url(&browser.allow(&consent).await.client());
    let anew = web.redeemed(callback.code()).await;
    assert_eq!(web.userinfo(anew.text("access_token")).await.status(), 200);
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let server = TestServer::start().await;
    let id = administrator(&server, "root").await;
    let root = Caller::signed_in(&server, "root").await;
    let refused = async || {
        let before = events(&server).await;
        refusal(&root.patch(&server, &path(&id), &json!({"admin": false}), 409).await, "invalid_request");
        refusal(&root.delete(&server, &path(&id), 409).await, "invalid_request");
        let disable = format!("{}/disable", path(&id));
        refusal(&root.answered(&server, (Method::POST, &disable), None, 409).await, "invalid_request");
        assert_eq!(events(&server).await, before);
    };
    refused().await;
    // A disabled administrator does not count.
    let other = administrator(&server, "other").await;
    root.answered(&server, (Method::POST, &format!("{}/disable", path(&other))), None, 200).await;
    refused().await;
    root.answered(&server, (Method::POST, &format!("{}/enable", path(&other))), None, 200).await;
    root.delete(&server, &path(&id), 204).await;
    assert_eq!(root.send(&server, Method::GET, USERS, None).await.status(), 401);
}

#[tokio::test]
async fn the_audit_trail_tells_who_did_what_the_latest_first() {
    let server = TestServer::start().await;
    let id = administrator(&server, "root").await;
    let root = Caller::signed_in(&server, "root").await;
    let tool = Caller::administrative_client(&server).await;
    let made = tool.post(&server, USERS, &json!({"username": "ada"}), 201).await;
    root.patch(&server, &path(made["id"].as_str().unwrap()), &json!({"admin": true}), 200).await;
    let page = root.get(&server, "/admin/api/audit?limit=2").await;
    let at = serde_json::to_value(server.now()).unwrap();
    let number = |index: usize| page["items"][index]["number"].clone();
    assert!(number(0).as_i64() > number(1).as_i64());
    let expected = json!([
        {"number": number(0), "at": at, "actor": {"kind": "administrator", "id": id},
         "address": "127.0.0.1", "action": "user.promote", "target": made["id"],
         "changes": {"admin": {"before": false, "after": true}}},
        {"number": number(1), "at": at, "actor": {"kind": "administrative_client", "id": "tool"},
         "address": "127.0.0.1", "action": "user.create", "target": made["id"],
         "changes": {"admin": {"after": false}, "username": {"after": "ada"}}},
    ]);
    assert_eq!(page["items"], expected);
    let next = page["next"].as_str().unwrap();
    let rest = root.get(&server, &format!("/admin/api/audit?limit=200&cursor={next}")).await;
    assert_eq!(rest["items"][0]["action"], "client.create");
    assert_eq!(rest["items"][0]["actor"], json!({"kind": "command_line"}));
    assert!(rest.get("next").is_none());
    for cursor in ["YQ", "!", "_w"] {
        let listed = (Method::GET, format!("/admin/api/audit?cursor={cursor}"));
        refusal(&root.answered(&server, (listed.0, &listed.1), None, 400).await, "invalid_request");
    }
}

#[tokio::test]
async fn a_rotation_of_keys_is_refused_while_they_are_fresh_unless_it_is_urgent() {
    const ROTATE: &str = "/admin/api/keys/rotate";
    let server = TestServer::start().await;
    for algorithm in domain::SigningAlgorithm::ALL {
        server.keys.with_signing_key(algorithm).await.unwrap();
    }
    let root = Caller::administrator(&server).await;
    let before = events(&server).await;
    refusal(&root.answered(&server, (Method::POST, ROTATE), None, 409).await, "invalid_request");
    for body in [
        json!({"alg": "HS256"}),
        json!({"alg": 1}),
        json!({"urgency": "now"}),
        json!({"kid": "x"}),
        json!([]),
    ] {
        refusal(&root.post(&server, ROTATE, &body, 400).await, "invalid_request");
    }
    assert_eq!(events(&server).await, before);
    let one = root.post(&server, ROTATE, &json!({"alg": "EdDSA", "urgency": "emergency"}), 200).await;
    assert_eq!(one["items"].as_array().unwrap().len(), 1);
    let jwks: Value =
        plain().get(server.url("/.well-known/jwks.json")).send().await.unwrap().json().await.unwrap();
    let published = jwks["keys"].as_array().unwrap().iter().any(|key| key["kid"] == one["items"][0]["next"]);
    assert!(published, "the rotation applies at once");
    // One of the keys is too fresh, so none is rotated.
    server.clock.advance(Duration::seconds(299));
    assert_eq!(events(&server).await, before + 1);
    refusal(&root.answered(&server, (Method::POST, ROTATE), None, 409).await, "invalid_request");
    assert_eq!(events(&server).await, before + 1);
    server.clock.advance(Duration::seconds(1));
    let all = root.answered(&server, (Method::POST, ROTATE), None, 200).await;
    let algorithms: Vec<_> = all["items"].as_array().unwrap().iter().map(|item| &item["alg"]).collect();
    assert_eq!(algorithms, ["RS256", "ES256", "EdDSA"]);
    let actions: Vec<_> = super::events_since(&server, before).await;
    let actions: Vec<_> = actions.iter().map(|event| event.action.as_str()).collect();
    assert_eq!(actions, ["key.rotate-in-emergency", "key.rotate", "key.rotate", "key.rotate"]);
}

#[tokio::test]
async fn a_body_that_says_a_thing_twice_says_nothing() {
    let server = TestServer::start().await;
    let root = Caller::administrative_client(&server).await;
    for body in [
        r#"{"username":"eve","password":"a long and good one","admin":false,"admin":true}"#,
        r#"{"username":"eve","password":"a long and good one","address":{"country":"A","country":"B"}}"#,
    ] {
        let request = root.request(&server, Method::POST, "/admin/api/users");
        let answer = request.header("content-type", "application/json").body(body).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{body}");
    }
    let listed = root.get(&server, "/admin/api/users").await;
    assert!(!listed.to_string().contains("eve"), "{listed}");
}
