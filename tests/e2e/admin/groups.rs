//! `/admin/api/groups`.

use reqwest::Method;
use serde_json::{Value, json};
use tests::support::TestServer;

use super::{Caller, events, events_since, refusal};

const GROUPS: &str = "/admin/api/groups";

#[tokio::test]
async fn a_group_is_created_seen_changed_filled_and_deleted() {
    let server = TestServer::start().await;
    let root = Caller::administrator(&server).await;
    let before = events(&server).await;
    let new =
        json!({"name": "org/Team 1", "display_name": "Team – ü", "claims": {"role": "editor", "quota": 1}});
    let created = root.post(&server, GROUPS, &new, 201).await;
    let now = serde_json::to_value(server.now()).unwrap();
    let mut expected = new;
    expected["created_at"] = now.clone();
    expected["updated_at"] = now;
    assert_eq!(created, expected);
    let path = format!("{GROUPS}/ORG%2Fteam%201");
    assert_eq!(root.get(&server, &path).await, expected);
    server.clock.advance(chrono::Duration::seconds(5));
    let change =
        json!({"display_name": null, "description": "All of us", "claims": {"quota": null, "a": []}});
    let changed = root.patch(&server, &path, &change, 200).await;
    assert_eq!(changed["claims"], json!({"role": "editor", "a": []}));
    assert_eq!((&changed["name"], &changed["description"]), (&json!("org/Team 1"), &json!("All of us")));
    assert!(changed.get("display_name").is_none() && changed["updated_at"] != changed["created_at"]);
    let ada = server.user("ada").await.id.to_string();
    let member = format!("{path}/members/{ada}");
    for _ in 0..2 {
        root.answered(&server, (Method::PUT, &member), None, 204).await;
    }
    let members = root.get(&server, &format!("{path}/members")).await;
    assert_eq!(
        (&members["items"][0]["username"], members["items"].as_array().unwrap().len()),
        (&json!("ada"), 1)
    );
    let groups = root.get(&server, &format!("/admin/api/users/{ada}/groups")).await;
    assert_eq!(groups["items"], json!([changed]));
    root.delete(&server, &member, 204).await;
    root.delete(&server, &member, 404).await;
    root.delete(&server, &path, 204).await;
    root.delete(&server, &path, 404).await;
    let written: Vec<_> = events_since(&server, before).await.into_iter().map(|event| event.action).collect();
    let expected =
        ["group.create", "group.update", "user.create", "group.add", "group.remove", "group.delete"];
    assert_eq!(written, expected);
}

#[tokio::test]
async fn the_audit_trail_names_who_was_added() {
    let server = TestServer::start().await;
    let root = Caller::administrator(&server).await;
    let ada = server.user("ada").await;
    server.group("staff", &[]).await;
    let before = events(&server).await;
    root.answered(&server, (Method::PUT, &format!("{GROUPS}/staff/members/{}", ada.id)), None, 204).await;
    let event = events_since(&server, before).await.remove(0);
    assert_eq!((event.action.as_str(), event.target.as_str()), ("group.add", "staff"));
    let changes = serde_json::to_value(event.changes).unwrap();
    assert_eq!(changes, json!({ada.id.to_string(): {"after": "ada"}}));
}

#[tokio::test]
async fn the_lists_lead_from_part_to_part() {
    let server = TestServer::start().await;
    let root = Caller::administrative_client(&server).await;
    let (mut users, mut names) = (Vec::new(), Vec::new());
    for number in 0..5 {
        users.push(server.user(&format!("user-{number}")).await);
        names.push(format!("{}-{number}", if number % 2 == 0 { "g" } else { "G" }));
    }
    for name in &names {
        server.group(name, &users.iter().collect::<Vec<_>>()).await;
    }
    let all = async |path: &str, member: &str| {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = root.get(&server, &format!("{path}?limit=2{cursor}")).await;
            let items = page["items"].as_array().unwrap();
            seen.extend(items.iter().map(|item| item[member].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return seen,
            }
        }
    };
    assert_eq!(all(GROUPS, "name").await, names);
    let mut ids: Vec<_> = users.iter().map(|user| user.id.to_string()).collect();
    ids.sort();
    assert_eq!(all(&format!("{GROUPS}/g-0/members"), "id").await, ids);
}

#[tokio::test]
async fn what_is_wrong_with_a_group_is_named_and_nothing_is_changed() {
    let server = TestServer::start().await;
    let root = Caller::administrative_client(&server).await;
    let ada = server.user("ada").await.id;
    server.group("staff", &[]).await;
    let before = events(&server).await;
    for (document, member) in [
        (json!({}), "name"),
        (json!({"name": "a,b"}), "name"),
        (json!({"name": "system:masters"}), "name"),
        (json!({"name": "a", "claims": []}), "claims"),
        (json!({"name": "a", "claims": {"a": "x".repeat(5_000)}}), "claims"),
        (json!({"name": "a", "display_name": 1}), "display_name"),
        (json!({"name": "a", "members": ["ada"]}), "members"),
    ] {
        let body = root.post(&server, GROUPS, &document, 400).await;
        refusal(&body, "invalid_request");
        let description = body["error_description"].as_str().unwrap();
        assert!(description.starts_with(member), "{document}: {description}");
    }
    let renamed = root.patch(&server, &format!("{GROUPS}/staff"), &json!({"name": "ops"}), 400).await;
    assert!(renamed["error_description"].as_str().unwrap().starts_with("name"), "{renamed}");
    refusal(&root.post(&server, GROUPS, &json!({"name": "STAFF"}), 409).await, "invalid_request");
    for path in ["ops", "%ff", "a,b"] {
        for (method, rest) in [
            (Method::GET, String::new()),
            (Method::DELETE, String::new()),
            (Method::GET, "/members".to_owned()),
            (Method::PUT, format!("/members/{ada}")),
            (Method::DELETE, format!("/members/{ada}")),
        ] {
            root.answered(&server, (method, &format!("{GROUPS}/{path}{rest}")), None, 404).await;
        }
    }
    for user in ["00000000-0000-4000-8000-000000000000", "ada", "%ff"] {
        root.answered(&server, (Method::PUT, &format!("{GROUPS}/staff/members/{user}")), None, 404).await;
    }
    assert_eq!(events(&server).await, before);
}

#[tokio::test]
async fn a_change_of_an_older_group_is_refused() {
    let server = TestServer::start().await;
    let root = Caller::administrator(&server).await;
    server.group("staff", &[]).await;
    let path = format!("{GROUPS}/staff");
    let first = root.send(&server, Method::GET, &path, None).await;
    let tag = first.headers()["etag"].to_str().unwrap().to_owned();
    let change = async |text: &str| {
        let request = root.request(&server, Method::PATCH, &path).header("if-match", &tag);
        request.json(&json!({"description": text})).send().await.unwrap().status()
    };
    assert_eq!(change("one").await, 200);
    assert_eq!(change("two").await, 412);
    let deleted = root.request(&server, Method::DELETE, &path).header("if-match", &tag).send().await.unwrap();
    assert_eq!(deleted.status(), 412);
    assert_eq!(root.get(&server, &path).await["description"], Value::from("one"));
}
