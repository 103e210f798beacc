//! Every administrative route × every kind of caller.

use application::users::NewUser;
use domain::claims::ProfileClaims;
use domain::self_registration::{RegistrationLimits, SelfRegistration};
use domain::{Actor, Digest};
use reqwest::Method;
use serde_json::{Value, json};
use tests::support::{Browser, RelyingParty, TestServer};

use super::{ADMINISTRATION, Caller, administrator, events, events_since, marked, refusal};

/// A request to a route that succeeds, with the objects that it needs.
struct Call {
    path: String,
    body: Option<Value>,
    /// The status for a caller with the right to call it.
    status: u16,
    /// The action of the one audit event that the call writes; none for a route that only reads.
    action: Option<&'static str>,
}

/// A user without a password.
async fn invited(server: &TestServer, username: &str) -> domain::User {
    let new = NewUser {
        username: username.parse().unwrap(),
        password: None,
        claims: ProfileClaims::default(),
        administrator: false,
    };
    server.users.create(new, Actor::CommandLine).await.unwrap()
}

/// The call of this route. A route without a call fails the test.
async fn call(server: &TestServer, (method, route): &(Method, &'static str), number: usize) -> Call {
    let owner = RelyingParty::confidential(server, &format!("client-{number}")).await;
    let (client, mut reference) = (owner.id.clone(), String::new());
    let username = format!("user-{number}");
    let (mut session, mut user) = (String::new(), String::new());
    let new_client = json!({"client_id": format!("new-{number}"), "grant_types": ["client_credentials"]});
    let new_user = json!({"username": format!("new-{number}"), "email": format!("new-{number}@example.com")});
    if route.ends_with("registration-token") {
        let id = client.parse().unwrap();
        let before = server.clients.show(&id).await.unwrap();
        let own = SelfRegistration::new(Digest::of(b"x"), RegistrationLimits::default());
        let after = domain::Client { registration: Some(own), ..before.clone() };
        let event = domain::AuditEvent::new(server.now(), Actor::CommandLine, "client.update", &id);
        assert!(server.ports.clients.amend(&before, &after, &event).await.unwrap());
    }
    if route.contains("/users/{id}") {
        let made = server.user(&username).await;
        user = made.id.to_string();
        if route.ends_with("/invite") {
            user = invited(server, &format!("invited-{number}")).await.id.to_string();
        }
        if route.contains("/factors") {
            let app = domain::AuthenticatorApp {
                incarnation: domain::Incarnation::from_random([1; 16]),
                sealed_secret: Vec::new(),
                last_step: 0,
                enrolled_at: server.now(),
                used_at: None,
            };
            let event =
                domain::AuditEvent::new(server.now(), Actor::CommandLine, "user.add-factor", &made.id);
            server.ports.second_factors.enrol_app(made.id, &app, &[], &event).await.unwrap();
        }
        if route.contains("/sessions") || route.contains("/consents") {
            let web = RelyingParty::confidential(server, &format!("web-{number}")).await;
            web.tokens(&Browser::new(&server.issuer), &username, &[]).await;
            let of_user = server.ports.sessions.list(made.id, None, 1, server.now()).await.unwrap();
            session = of_user[0].id.to_string();
        }
    }
    if route.contains("{reference}") {
        let refused = owner.with_secret("wrong").redeem("x").await;
        reference = refused.headers()["error-reference"].to_str().unwrap().to_owned();
    }
    let group = format!("group-{number}");
    if route.contains("/groups/{name}") {
        let made = server.user(&username).await;
        let members = [&made];
        server.group(&group, if *method == Method::PUT { &[] } else { &members }).await;
        user = made.id.to_string();
    }
    let (body, status, action) = match (method.as_str(), *route) {
        ("POST", "/admin/clients/register" | "/admin/api/clients") => {
            (Some(new_client), 201, Some("client.create"))
        }
        (
            "GET",
            "/admin/api/clients"
            | "/admin/api/clients/{id}"
            | "/admin/api/clients/{id}/errors"
            | "/admin/api/clients/{id}/lint"
            | "/admin/api/errors/{reference}",
        ) => (None, 200, None),
        ("PUT", "/admin/api/clients/{id}") => {
            (Some(json!({"grant_types": ["client_credentials"]})), 200, Some("client.update"))
        }
        ("PATCH", "/admin/api/clients/{id}") => {
            (Some(json!({"client_name": "Renamed"})), 200, Some("client.update"))
        }
        ("DELETE", "/admin/api/clients/{id}") => (None, 204, Some("client.delete")),
        ("POST", "/admin/api/clients/{id}/disable") => (None, 200, Some("client.disable")),
        ("POST", "/admin/api/clients/{id}/enable") => (None, 200, Some("client.enable")),
        ("POST", "/admin/api/clients/{id}/rotate-secret") => (None, 200, Some("client.rotate-secret")),
        ("POST", "/admin/api/clients/{id}/rotate-registration-token") => {
            (None, 200, Some("client.rotate-registration-token"))
        }
        ("POST", "/admin/api/clients/{id}/revoke-registration-token") => {
            (None, 200, Some("client.revoke-registration-token"))
        }
        ("GET", "/admin/api/users" | "/admin/api/users/{id}") => (None, 200, None),
        ("POST", "/admin/api/users") => (Some(new_user), 201, Some("user.create")),
        ("PATCH", "/admin/api/users/{id}") => (Some(json!({"name": "Renamed"})), 200, Some("user.update")),
        ("PUT", "/admin/api/users/{id}/claims") => {
            (Some(json!({"department": "research"})), 200, Some("user.update"))
        }
        ("DELETE", "/admin/api/users/{id}") => (None, 204, Some("user.delete")),
        ("POST", "/admin/api/users/{id}/disable") => (None, 200, Some("user.disable")),
        ("POST", "/admin/api/users/{id}/enable") => (None, 200, Some("user.enable")),
        ("POST", "/admin/api/users/{id}/set-password") => {
            (Some(json!({"password": "another battery staple"})), 204, Some("user.set-password"))
        }
        ("POST", "/admin/api/users/{id}/invite") => (None, 200, Some("user.invite")),
        ("POST", "/admin/api/users/{id}/reset-link") => (None, 200, Some("user.reset-link")),
        ("POST", "/admin/api/users/{id}/email-link") => {
            (Some(json!({"email": "new@example.com"})), 200, Some("user.email-link"))
        }
        ("GET", "/admin/api/users/{id}/factors") => (None, 200, None),
        ("DELETE", "/admin/api/users/{id}/factors") => (None, 204, Some("user.reset-factors")),
        ("GET", "/admin/api/users/{id}/sessions" | "/admin/api/users/{id}/sessions/{session}") => {
            (None, 200, None)
        }
        ("GET", "/admin/api/users/{id}/consents" | "/admin/api/users/{id}/consents/{client}") => {
            (None, 200, None)
        }
        ("DELETE", "/admin/api/users/{id}/sessions") => (None, 204, Some("user.end-sessions")),
        ("DELETE", "/admin/api/users/{id}/sessions/{session}") => (None, 204, Some("session.end")),
        ("DELETE", "/admin/api/users/{id}/consents/{client}") => (None, 204, Some("consent.withdraw")),
        (
            "GET",
            "/admin/api/users/{id}/groups"
            | "/admin/api/groups"
            | "/admin/api/groups/{name}"
            | "/admin/api/groups/{name}/members",
        ) => (None, 200, None),
        ("POST", "/admin/api/groups") => {
            (Some(json!({"name": format!("new-{number}")})), 201, Some("group.create"))
        }
        ("PATCH", "/admin/api/groups/{name}") => {
            (Some(json!({"description": "Renamed"})), 200, Some("group.update"))
        }
        ("DELETE", "/admin/api/groups/{name}") => (None, 204, Some("group.delete")),
        ("PUT", "/admin/api/groups/{name}/members/{id}") => (None, 204, Some("group.add")),
        ("DELETE", "/admin/api/groups/{name}/members/{id}") => (None, 204, Some("group.remove")),
        ("POST", "/admin/api/users/{id}/unlock") => (None, 200, Some("user.unlock")),
        ("GET", "/admin/api/users/{id}/events" | "/admin/api/events") => (None, 200, None),
        ("GET", "/admin/api/audit") => (None, 200, None),
        ("POST", "/admin/api/keys/rotate") => {
            (Some(json!({"alg": "RS256", "urgency": "emergency"})), 200, Some("key.rotate-in-emergency"))
        }
        (method, route) => panic!("{method} {route} is not in the matrix"),
    };
    let id = if route.contains("/clients/") { &client } else { &user };
    let path = route
        .replace("{id}", id)
        .replace("{name}", &group)
        .replace("{session}", &session)
        .replace("{reference}", &reference)
        .replace("{client}", &format!("web-{number}"));
    Call { path, body, status, action }
}

/// The callers that every route refuses, and the status of the refusal.
async fn refused(server: &TestServer) -> Vec<(&'static str, Caller, u16)> {
    let everything = ("scope", "openid profile email address phone offline_access read write");
    let web = RelyingParty::confidential(server, "web").await;
    let token = async |client: &RelyingParty, username, scope| {
        let tokens = client.tokens(&Browser::new(&server.issuer), username, &[scope]).await;
        Caller::Token(tokens.text("access_token").to_owned())
    };
    server.user("eve").await;
    let service = RelyingParty::service(server, "service").await;
    let own = service.token(&[("grant_type", "client_credentials"), ("scope", "read write")]).await;
    let own = RelyingParty::successful(own).await.text("access_token").to_owned();
    vec![
        ("nobody", Caller::Anonymous, 401),
        ("a token that is none", Caller::Token("nonsense".to_owned()), 401),
        ("an ordinary user's session", Caller::signed_in(server, "eve").await, 403),
        ("an ordinary token with every scope", token(&web, "eve", everything).await, 403),
        ("an ordinary client's own token", Caller::Token(own), 403),
        ("an administrator's token of an ordinary client", token(&web, "root", everything).await, 403),
        (
            "an ordinary user's token of an administrative client",
            token(&marked(server, "console").await, "eve", ADMINISTRATION).await,
            403,
        ),
        (
            "an administrator's token of an administrative client without the scope administration",
            token(&marked(server, "other-console").await, "root", ("scope", "openid profile read")).await,
            403,
        ),
    ]
}

#[tokio::test]
async fn every_route_is_open_only_to_administrators_and_administrative_clients() {
    let server = TestServer::start().await;
    let root = administrator(&server, "root").await;
    let refused = refused(&server).await;
    let console = marked(&server, "root-console").await;
    let through = console.tokens(&Browser::new(&server.issuer), "root", &[ADMINISTRATION]).await;
    let by_root = || Actor::Administrator(root.parse().unwrap());
    let tool = Caller::administrative_client(&server).await;
    let may = [
        ("an administrator's session", Caller::signed_in(&server, "root").await, by_root()),
        ("an administrative client", tool, Actor::AdministrativeClient("tool".parse().unwrap())),
        (
            "an administrator's token of an administrative client",
            Caller::Token(through.text("access_token").to_owned()),
            by_root(),
        ),
    ];
    let routes = adapters_http::administrative_routes();
    assert!(routes.len() >= 27, "{routes:?}");
    let mut number = 0;
    for route in &routes {
        for (who, caller, actor) in &may {
            number += 1;
            let call = call(&server, route, number).await;
            let (method, path) = (route.0.clone(), call.path.as_str());
            let before = events(&server).await;
            for (stranger, caller, status) in &refused {
                let answer = caller.send(&server, method.clone(), path, call.body.as_ref()).await;
                assert_eq!(answer.status(), *status, "{method} {path} by {stranger}");
                let challenge = answer.headers()["www-authenticate"].to_str().unwrap();
                let insufficient = challenge.contains("error=\"insufficient_scope\"");
                assert_eq!(insufficient, *status == 403, "{stranger}: {challenge}");
                assert_eq!(answer.headers()["cache-control"], "no-store");
                assert!(!answer.headers().contains_key("access-control-allow-origin"));
                let code = match (caller, status) {
                    (Caller::Anonymous, _) => "invalid_request",
                    (_, 401) => "invalid_token",
                    _ => "access_denied",
                };
                refusal(&answer.json().await.unwrap(), code);
            }
            assert_eq!(events(&server).await, before, "a refused caller changed something: {method} {path}");
            caller.answered(&server, (method.clone(), path), call.body.as_ref(), call.status).await;
            let left: Vec<_> = events_since(&server, before).await;
            let left: Vec<_> = left.iter().map(|event| (event.action.as_str(), &event.actor)).collect();
            let expected: Vec<_> = call.action.into_iter().map(|action| (action, actor)).collect();
            assert_eq!(left, expected, "{method} {path} by {who}");
        }
    }
}

#[tokio::test]
async fn no_route_answers_another_method_or_a_script_of_another_origin() {
    let server = TestServer::start().await;
    let root = Caller::administrator(&server).await;
    for (_, route) in adapters_http::administrative_routes() {
        let path = route.replace(['{', '}'], "");
        for caller in [&Caller::Anonymous, &root] {
            let preflight = caller
                .request(&server, Method::OPTIONS, &path)
                .header("origin", "https://evil.example")
                .header("access-control-request-method", "POST");
            let answer = preflight.send().await.unwrap();
            assert!(answer.status().is_client_error(), "{path}: {}", answer.status());
            assert!(!answer.headers().contains_key("access-control-allow-origin"), "{path}");
        }
    }
}
