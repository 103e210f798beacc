//! The scope `groups`, the claims of groups, and how one client wants its claims (docs/decisions/groups-and-claims.md).

use chrono::TimeDelta;
use domain::group::GroupName;
use domain::{Actor, Author, ClaimMapping, DeclaredScope, GrantType, Group, GroupId, User};
use serde_json::{Value, json};
use tests::support::{Browser, RelyingParty, TestServer, Tokens, logged_lines};

/// A server whose scope `desk` opens claims that users and groups have.
async fn server_with(change: impl FnOnce(&mut application::Settings)) -> TestServer {
    TestServer::with(|settings| {
        let claims = ["floor", "desk"].map(str::to_owned).into();
        let desk = DeclaredScope { claims, ..DeclaredScope::default() };
        settings.declared_scopes = [("desk".to_owned(), desk)].into_iter().collect();
        settings.scopes = settings.scopes.union(&"desk".parse().unwrap());
        change(settings);
    })
    .await
}

/// Makes a group with these claims, and puts the user into it.
async fn join(server: &TestServer, user: &User, group: &str, claims: Value) {
    let name: GroupName = group.parse().unwrap();
    let event =
        |action| domain::AuditEvent::new(server.now(), Author::from(Actor::CommandLine), action, &name);
    let new = Group {
        id: GroupId::from_random(domain::Digest::of(group.as_bytes()).as_bytes()[..16].try_into().unwrap()),
        name: name.clone(),
        display_name: None,
        description: None,
        claims: serde_json::from_value(claims).unwrap(),
        created_at: server.now(),
        updated_at: server.now(),
    };
    let groups = &server.ports.groups;
    groups.insert(&new, &event("group.create")).await.unwrap();
    let change = application::port::MembershipChange::Add(&[user.id]);
    groups.change_members(&name, change, &event("group.add")).await.unwrap();
}

async fn web(server: &TestServer, mapping: Value) -> RelyingParty {
    RelyingParty::register(server, "web", |client| {
        client.scope = "openid profile email groups desk offline_access".parse().unwrap();
        client.tokens.claim_mapping = (!mapping.is_null()).then(|| mapping_of(&mapping));
    })
    .await
}

fn mapping_of(mapping: &Value) -> ClaimMapping {
    ClaimMapping::from_document(mapping.as_object().unwrap().clone()).unwrap()
}

async fn userinfo(client: &RelyingParty, tokens: &Tokens) -> Value {
    client.userinfo(tokens.text("access_token")).await.json().await.unwrap()
}

/// What each of the three answers says, if all say the same of these claims.
async fn everywhere(client: &RelyingParty, tokens: &Tokens, names: &[&str]) -> Value {
    let of = |claims: &Value| {
        let found = names.iter().filter_map(|name| Some(((*name).to_owned(), claims.get(name)?.clone())));
        Value::Object(found.collect())
    };
    let seen = of(&userinfo(client, tokens).await);
    assert_eq!(of(&tokens.claims("id_token")), seen);
    assert_eq!(of(&client.introspect(tokens.text("access_token")).await), seen);
    seen
}

#[tokio::test]
async fn the_groups_of_a_person_are_where_the_other_claims_are() {
    for opaque in [false, true] {
        let server = server_with(|settings| settings.opaque_access_tokens = opaque).await;
        let (ada, _) = (server.user("ada").await, server.user("bob").await);
        join(&server, &ada, "staff", json!({})).await;
        join(&server, &ada, "Admins", json!({})).await;
        let web = web(&server, Value::Null).await;
        let scope = ("scope", "openid email groups");
        let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[scope]).await;
        assert_eq!(everywhere(&web, &tokens, &["groups"]).await, json!({"groups": ["Admins", "staff"]}));
        assert!(opaque || tokens.claims("access_token").get("groups").is_none());
        let refreshed = RelyingParty::successful(web.refresh(tokens.text("refresh_token")).await).await;
        assert_eq!(refreshed.claims("id_token")["groups"], json!(["Admins", "staff"]));

        let tokens = web.tokens(&Browser::new(&server.issuer), "bob", &[scope]).await;
        assert_eq!(
            everywhere(&web, &tokens, &["groups"]).await,
            json!({"groups": []}),
            "never a missing claim"
        );
        let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[("scope", "openid email")]).await;
        assert_eq!(everywhere(&web, &tokens, &["groups"]).await, json!({}));

        // With the other claims: none of them is in the ID token of such a client.
        let off = |client: &mut domain::Client| client.tokens.id_token_claims = false;
        server.update_client(&"web".parse().unwrap(), off).await.unwrap();
        let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[scope]).await;
        let id_token = tokens.claims("id_token");
        assert!(id_token.get("groups").is_none() && id_token.get("email").is_none());
        assert_eq!(userinfo(&web, &tokens).await["groups"], json!(["Admins", "staff"]));
    }
}

#[tokio::test]
async fn groups_are_requested_by_name_as_other_claims_are() {
    let server = server_with(|_| {}).await;
    let ada = server.user("ada").await;
    join(&server, &ada, "staff", json!({})).await;
    let web = web(&server, Value::Null).await;
    let claims = json!({"userinfo": {"groups": null}, "id_token": {"groups": {"essential": true}}});
    let fields = [("scope", "openid"), ("claims", &*claims.to_string())];
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &fields).await;
    assert_eq!(tokens.claims("id_token")["groups"], json!(["staff"]));
    assert_eq!(userinfo(&web, &tokens).await["groups"], json!(["staff"]));
}

#[tokio::test]
async fn a_claim_of_a_user_beats_that_of_their_groups() {
    let server = server_with(|_| {}).await;
    let ada = server.user("ada").await;
    join(&server, &ada, "b", json!({"floor": 2, "desk": "of b"})).await;
    join(&server, &ada, "a", json!({"floor": 1})).await;
    let web = web(&server, Value::Null).await;
    let scope = ("scope", "openid desk");
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[scope]).await;
    let names = ["floor", "desk"];
    assert_eq!(
        everywhere(&web, &tokens, &names).await,
        json!({"floor": 1, "desk": "of b"}),
        "that of the first"
    );
    let set = |user: &mut User| {
        user.claims = user.claims.amended(json!({"desk": "her own"}).as_object().unwrap().clone())?;
        Ok(())
    };
    server.users.update(ada.id, set, Actor::CommandLine).await.unwrap();
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[scope]).await;
    assert_eq!(everywhere(&web, &tokens, &names).await, json!({"floor": 1, "desk": "her own"}));
}

#[tokio::test]
async fn a_client_sees_only_the_groups_that_it_may_see() {
    let server = server_with(|_| {}).await;
    let ada = server.user("ada").await;
    for group in ["Argocd-admins", "argocd-readers", "board", "staff"] {
        join(&server, &ada, group, json!({})).await;
    }
    let web = web(&server, json!({"visible_groups": ["argocd-*", "Staff"]})).await;
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[("scope", "openid groups")]).await;
    let shown = json!({"groups": ["Argocd-admins", "argocd-readers", "staff"]});
    assert_eq!(everywhere(&web, &tokens, &["groups"]).await, shown);
    // A resource server has a limit of its own.
    let api = RelyingParty::register(&server, "api", |client| {
        client.grant_types = [GrantType::ClientCredentials].into();
        client.scope = domain::Scope::default();
        client.resource_server = true;
        client.tokens.claim_mapping = Some(mapping_of(&json!({"visible_groups": ["board"]})));
    })
    .await;
    assert_eq!(api.introspect(tokens.text("access_token")).await["groups"], json!(["board"]));
}

#[tokio::test]
async fn a_client_gets_its_claims_as_its_software_wants_them() {
    let server = server_with(|_| {}).await;
    let ada = server.user("Ada King").await;
    for group in ["immich-admins", "minio-readers", "staff"] {
        join(&server, &ada, group, json!({})).await;
    }
    let mapping = json!({"claims": [
        {"claim": "roles", "from": "groups"},
        {"claim": "https://example.com/groups", "from": "groups"},
        {"claim": ["resource_access", "web", "roles"], "from": "groups"},
        {"claim": "immich_role", "from": "groups", "first": true, "otherwise": "user",
            "values": [{"from": "immich-admins", "to": "admin"}]},
        {"claim": "policy", "from": "groups", "values": [
            {"from": "minio-admins", "to": "consoleAdmin"}, {"from": "minio-readers", "to": "readonly"}]},
        {"claim": "preferred_username", "from": "preferred_username", "alphabet": "ascii"},
    ]});
    let web = web(&server, mapping).await;
    let tokens =
        web.tokens(&Browser::new(&server.issuer), "Ada King", &[("scope", "openid profile groups")]).await;
    let all = json!(["immich-admins", "minio-readers", "staff"]);
    let names = ["groups", "roles", "https://example.com/groups", "resource_access", "immich_role", "policy"];
    let expected = json!({
        "roles": all, "https://example.com/groups": all, "resource_access": {"web": {"roles": all}},
        "immich_role": "admin", "policy": ["readonly"],
    });
    assert_eq!(everywhere(&web, &tokens, &names).await, expected, "groups itself is left out");
    let narrow = ada.narrow_username();
    assert!(narrow.starts_with("ada-king-"), "{narrow}");
    assert_eq!(tokens.claims("id_token")["preferred_username"], narrow);
    assert_eq!(userinfo(&web, &tokens).await["preferred_username"], narrow);
    // Without the scope there is nothing to map.
    let tokens = web.tokens(&Browser::new(&server.issuer), "Ada King", &[("scope", "openid")]).await;
    assert_eq!(everywhere(&web, &tokens, &names).await, json!({}));
    let nobody = server.user("nobody").await;
    let tokens =
        web.tokens(&Browser::new(&server.issuer), "nobody", &[("scope", "openid profile groups")]).await;
    let claims = everywhere(&web, &tokens, &names).await;
    assert_eq!(
        (&claims["immich_role"], &claims["policy"], &claims["roles"]),
        (&json!("user"), &json!([]), &json!([]))
    );
    assert_eq!(tokens.claims("id_token")["preferred_username"], nobody.username.as_str());
}

#[tokio::test]
async fn a_person_in_500_groups_has_tokens_that_fit_into_a_header_or_the_log_says_so() {
    const NGINX_LINE: usize = 8 * 1024;
    let server = server_with(|_| {}).await;
    let ada = server.user("ada").await;
    for number in 0..500 {
        join(&server, &ada, &format!("department-{number:03}"), json!({})).await;
    }
    let web = web(&server, Value::Null).await;
    let scope = ("scope", "openid profile email groups");
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[scope]).await;
    assert_eq!(tokens.claims("id_token")["groups"].as_array().unwrap().len(), 500, "no group is lost");
    // What is sent to APIs in a header does not grow.
    let header = |token: &str| format!("authorization: Bearer {token}\r\n").len();
    assert!(header(tokens.text("access_token")) < 2_048);
    let id_token = tokens.text("id_token").len();
    assert!(id_token > NGINX_LINE);
    // One line, which names client, user and size: once an hour, however often the client refreshes.
    let user = format!("\"user\":\"{}\"", ada.id);
    let warned = || {
        let mut lines = logged_lines(&user);
        lines.retain(|line| line["client"] == "web" && line["bytes"].is_u64());
        lines
    };
    assert_eq!(warned().len(), 1);
    assert_eq!(warned()[0]["bytes"], id_token);
    let refreshed = RelyingParty::successful(web.refresh(tokens.text("refresh_token")).await).await;
    assert!(refreshed.text("id_token").len() > NGINX_LINE);
    assert_eq!(warned().len(), 1);
    server.clock.advance(TimeDelta::hours(1));
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[scope]).await;
    assert!(tokens.text("id_token").len() > NGINX_LINE);
    assert_eq!(warned().len(), 2);

    let few = |client: &mut domain::Client| {
        client.tokens.claim_mapping = Some(mapping_of(&json!({"visible_groups": ["department-1*"]})));
    };
    server.update_client(&"web".parse().unwrap(), few).await.unwrap();
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[scope]).await;
    assert_eq!(tokens.claims("id_token")["groups"].as_array().unwrap().len(), 100);
    assert!(header(tokens.text("id_token")) < NGINX_LINE);
    assert_eq!(warned().len(), 2, "no further warning");
}
