//! `/admin/api/audit`: what changed, from where, and that no client can flood it.

use reqwest::Method;
use serde_json::{Value, json};
use tests::support::{RelyingParty, TestServer};

use super::{Caller, administrator, events, plain, refusal};

const AUDIT: &str = "/admin/api/audit";

/// The latest event.
async fn latest(server: &TestServer, root: &Caller) -> Value {
    root.get(server, &format!("{AUDIT}?limit=1")).await["items"][0].clone()
}

#[tokio::test]
async fn an_event_has_the_members_before_and_after_and_the_address() {
    let server = TestServer::start().await;
    let root = Caller::administrator(&server).await;
    RelyingParty::confidential(&server, "web").await;
    let patch = json!({"client_name": "Renamed", "redirect_uris": ["https://other.example/cb"]});
    root.patch(&server, "/admin/api/clients/web", &patch, 200).await;
    let event = latest(&server, &root).await;
    assert_eq!((&event["action"], &event["target"]), (&json!("client.update"), &json!("web")));
    assert_eq!(event["address"], "127.0.0.1");
    assert_eq!(
        event["changes"],
        json!({
            "client_name": {"before": "The web application", "after": "Renamed"},
            "redirect_uris":
                {"before": ["https://client.example/callback"], "after": ["https://other.example/cb"]},
        })
    );
    root.answered(&server, (Method::POST, "/admin/api/clients/web/disable"), None, 200).await;
    let event = latest(&server, &root).await;
    let disabled = &event["changes"]["disabled_at"];
    assert!(disabled["before"].is_null() && disabled["after"].is_string(), "{event}");
    let ada = server.user("ada").await.id;
    let patch = json!({"email": "new@example.com", "admin": true});
    root.patch(&server, &format!("/admin/api/users/{ada}"), &patch, 200).await;
    let event = latest(&server, &root).await;
    assert_eq!(event["changes"]["admin"], json!({"before": false, "after": true}), "{event}");
    let email = json!({"before": "ada@example.com", "after": "new@example.com"});
    assert_eq!(event["changes"]["email"], email, "{event}");
    // What an operator does at the command line comes from no address.
    let own = server.update_client(&"web".parse().unwrap(), |client| client.first_party = true).await;
    assert!(own.is_ok());
    let event = latest(&server, &root).await;
    assert!(event.get("address").is_none(), "{event}");
    assert_eq!(event["changes"], json!({"first_party": {"before": false, "after": true}}));
}

#[tokio::test]
async fn no_event_has_a_secret() {
    let server = TestServer::start().await;
    let root = Caller::administrator(&server).await;
    let secret = "a chosen secret of an operator";
    let new = json!({
        "client_id": "web", "client_secret": secret, "redirect_uris": ["https://client.example/cb"],
    });
    root.post(&server, "/admin/api/clients", &new, 201).await;
    let rotated =
        root.answered(&server, (Method::POST, "/admin/api/clients/web/rotate-secret"), None, 200).await;
    let password = "another battery staple of ada";
    let ada =
        root.post(&server, "/admin/api/users", &json!({"username": "ada", "password": password}), 201).await;
    let path = format!("/admin/api/users/{}/set-password", ada["id"].as_str().unwrap());
    root.post(&server, &path, &json!({"password": password}), 204).await;
    let trail = root.get(&server, &format!("{AUDIT}?limit=200")).await.to_string();
    for secret in [secret, rotated["client_secret"].as_str().unwrap(), password, "$argon2"] {
        assert!(!trail.contains(secret), "{secret} is in {trail}");
    }
    // A new object is in the trail with all that it had.
    let created = root.get(&server, &format!("{AUDIT}?action=client.create&target=web")).await;
    let uris = &created["items"][0]["changes"]["redirect_uris"];
    assert_eq!(*uris, json!({"after": ["https://client.example/cb"]}), "{created}");
}

#[tokio::test]
async fn the_trail_is_filtered_by_actor_action_target_and_time_page_by_page() {
    let server = TestServer::start().await;
    let id = administrator(&server, "root").await;
    let root = Caller::signed_in(&server, "root").await;
    let begin = server.now();
    for name in ["a", "b", "c"] {
        server.clock.advance(chrono::Duration::minutes(1));
        let new = json!({"client_id": name, "grant_types": ["client_credentials"]});
        root.post(&server, "/admin/api/clients", &new, 201).await;
    }
    root.patch(&server, "/admin/api/clients/b", &json!({"client_name": "B"}), 200).await;
    let found = async |query: &str| {
        let found = root.get(&server, &format!("{AUDIT}?{query}")).await;
        let items = found["items"].as_array().unwrap().clone();
        let targets: Vec<_> = items.iter().map(|item| item["target"].as_str().unwrap().to_owned()).collect();
        (targets.join(" "), found["next"].as_str().map(str::to_owned))
    };
    let second = (begin + chrono::Duration::minutes(2)).to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    for (query, targets) in [
        (format!("actor={id}"), "b c b a"),
        (format!("actor={id}&action=client.create"), "c b a"),
        ("target=b".to_owned(), "b b"),
        (format!("actor={id}&since={second}"), "b c b"),
        (format!("actor={id}&until={second}"), "a"),
        ("actor=nobody".to_owned(), ""),
    ] {
        assert_eq!(found(&query).await.0, targets, "{query}");
    }
    let (first, next) = found(&format!("actor={id}&action=client.create&limit=2")).await;
    let rest = found(&format!("actor={id}&action=client.create&limit=2&cursor={}", next.unwrap())).await;
    assert_eq!((first.as_str(), rest), ("c b", ("a".to_owned(), None)));
    for wrong in ["since=yesterday", "until=1"] {
        let listed = (Method::GET, format!("{AUDIT}?{wrong}"));
        refusal(&root.answered(&server, (listed.0, &listed.1), None, 400).await, "invalid_request");
    }
}

#[tokio::test]
async fn an_operator_replaces_and_revokes_a_registration_access_token() {
    let open = |settings: &mut application::Settings| {
        settings.registration.mode = application::settings::RegistrationMode::Open;
    };
    let server = TestServer::with(open).await;
    let root = Caller::administrator(&server).await;
    let document = json!({"redirect_uris": ["https://client.example/cb"], "client_name": "Notes"});
    let client = plain().post(server.url("/connect/register")).json(&document).send().await.unwrap();
    let client: Value = client.json().await.unwrap();
    let member = |document: &Value, name: &str| document[name].as_str().unwrap().to_owned();
    let (uri, first) =
        (member(&client, "registration_client_uri"), member(&client, "registration_access_token"));
    let path = format!("/admin/api/clients/{}", member(&client, "client_id"));
    let reads =
        async |token: &str| plain().get(&uri).bearer_auth(token).send().await.unwrap().status().as_u16();
    let changes = async |token: &str| {
        plain().put(&uri).bearer_auth(token).json(&document).send().await.unwrap().status().as_u16()
    };
    let rotate = (Method::POST, format!("{path}/rotate-registration-token"));
    let rotated = root.answered(&server, (rotate.0, &rotate.1), None, 200).await;
    assert_eq!(member(&rotated, "registration_client_uri"), uri);
    let second = member(&rotated, "registration_access_token");
    assert_eq!([reads(&first).await, changes(&first).await], [401, 401]);
    assert_eq!([reads(&second).await, changes(&second).await], [200, 200]);
    let revoke = (Method::POST, format!("{path}/revoke-registration-token"));
    let revoked = root.answered(&server, (revoke.0, &revoke.1), None, 200).await;
    assert!(revoked.get("registration_access_token").is_none(), "{revoked}");
    assert_eq!([reads(&second).await, changes(&second).await], [401, 401]);
    // The client itself works on, and a client of an operator has no such token.
    assert_eq!(root.get(&server, &path).await["client_name"], "Notes");
    RelyingParty::confidential(&server, "web").await;
    let web = (Method::POST, "/admin/api/clients/web/rotate-registration-token");
    refusal(&root.answered(&server, web, None, 400).await, "invalid_client_metadata");
    let trail = root.get(&server, &format!("{AUDIT}?limit=200")).await.to_string();
    assert!(trail.contains("client.revoke-registration-token") && !trail.contains(&second), "{trail}");
}

#[tokio::test]
async fn a_client_cannot_flood_the_trail_with_its_registration_token() {
    let server = TestServer::with(|settings| {
        settings.registration.mode = application::settings::RegistrationMode::Open;
        settings.registration.limit.attempts = 3;
    })
    .await;
    let named = |name: &str| json!({"redirect_uris": ["https://client.example/cb"], "client_name": name});
    let register = plain().post(server.url("/connect/register")).json(&named("zero"));
    let client: Value = register.send().await.unwrap().json().await.unwrap();
    let (uri, token) = (&client["registration_client_uri"], &client["registration_access_token"]);
    let change = async |document: &Value| {
        let put = plain().put(uri.as_str().unwrap()).bearer_auth(token.as_str().unwrap()).json(document);
        put.send().await.unwrap()
    };
    let before = events(&server).await;
    // What changes nothing is neither counted nor an event.
    for _ in 0..5 {
        assert_eq!(change(&named("zero")).await.status(), 200);
    }
    assert_eq!(events(&server).await, before);
    for name in ["one", "two", "three"] {
        assert_eq!(change(&named(name)).await.status(), 200, "{name}");
    }
    let refused = change(&named("four")).await;
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key("retry-after"));
    assert_eq!(events(&server).await, before + 3);
    server.clock.advance(chrono::Duration::hours(1));
    assert_eq!(change(&named("four")).await.status(), 200);
}

#[tokio::test]
async fn changes_by_many_clients_are_counted_for_their_address_and_for_all() {
    // How many changes are allowed, and what is answered then: the bound of the address is twice that of a client.
    for (shared, allowed, status) in [(1_000, 6, 429), (3, 3, 503)] {
        let server = TestServer::with(|settings| {
            settings.registration.mode = application::settings::RegistrationMode::Open;
            settings.registration.limit.attempts = 3;
            settings.registration.shared_limit.attempts = shared;
        })
        .await;
        let named = |name: &str| json!({"redirect_uris": ["https://client.example/cb"], "client_name": name});
        let mut clients: Vec<Value> = Vec::new();
        for _ in 0..3 {
            let register = plain().post(server.url("/connect/register")).json(&named("new"));
            clients.push(register.send().await.unwrap().json().await.unwrap());
        }
        let change = async |number: usize| {
            let client = &clients[number % clients.len()];
            let put = plain().put(client["registration_client_uri"].as_str().unwrap());
            let put = put.bearer_auth(client["registration_access_token"].as_str().unwrap());
            put.json(&named(&number.to_string())).send().await.unwrap().status()
        };
        let before = events(&server).await;
        for number in 0..allowed {
            assert_eq!(change(number).await, 200, "{number} of {allowed}");
        }
        assert_eq!(change(allowed).await, status);
        assert_eq!(events(&server).await, before + allowed);
    }
}
