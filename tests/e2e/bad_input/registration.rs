//! Registration and its management (RFC 7591 §3.2.2, RFC 7592 §2). `registration.rs` tests the
//! metadata.

use application::client::initial_access_tokens::NewToken;
use application::settings::RegistrationMode;
use chrono::Duration;
use domain::Actor;
use domain::self_registration::RegistrationLimits;
use reqwest::header::AUTHORIZATION;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tests::support::TestServer;

use super::{damaged, refused};

fn send(server: &TestServer, method: Method, path: &str) -> RequestBuilder {
    reqwest::Client::builder().no_proxy().build().unwrap().request(method, server.url(path))
}

fn metadata() -> Value {
    json!({"redirect_uris": ["https://client.example/callback"]})
}

async fn token(server: &TestServer, uses: u32) -> String {
    let new = NewToken { uses, lifetime: Duration::hours(1), limits: RegistrationLimits::default() };
    let (_, secret) = server.registration_tokens.create(new, Actor::CommandLine).await.unwrap();
    secret.expose().to_owned()
}

#[tokio::test]
async fn nobody_registers_without_a_good_initial_access_token() {
    let server = TestServer::start().await;
    let (good, once) = (token(&server, 10).await, token(&server, 1).await);
    let register = || send(&server, Method::POST, "/connect/register").json(&metadata());
    assert_eq!(register().bearer_auth(&once).send().await.unwrap().status(), 201);
    let long = "x".repeat(10_000);
    let shifted = damaged(&good);
    let (unknown, none_sent) = ((401, "invalid_token"), (401, "invalid_request"));
    for (why, request, expected) in [
        ("none", register(), none_sent),
        ("an empty one", register().header(AUTHORIZATION, "Bearer "), none_sent),
        ("of another scheme", register().basic_auth("x", Some(&good)), none_sent),
        ("malformed", register().bearer_auth("nonsense"), unknown),
        ("oversized", register().bearer_auth(&long), unknown),
        ("with a wrong checksum", register().bearer_auth(&shifted), unknown),
        (
            "two headers",
            register().bearer_auth(&good).header(AUTHORIZATION, "Bearer other"),
            (400, "invalid_request"),
        ),
        ("used up", register().bearer_auth(&once), unknown),
        (
            "in the query",
            send(&server, Method::POST, &format!("/connect/register?access_token={good}")).json(&metadata()),
            none_sent,
        ),
    ] {
        refused(request.send().await.unwrap(), expected, why).await;
    }
    let sent = |body: &str| {
        let request = send(&server, Method::POST, "/connect/register").bearer_auth(&good);
        request.header("content-type", "application/json").body(body.to_owned())
    };
    let invalid = (400, "invalid_client_metadata");
    for (why, request, expected) in [
        ("no JSON", sent("nonsense"), invalid),
        (
            "a form",
            send(&server, Method::POST, "/connect/register").bearer_auth(&good).form(&[("a", "b")]),
            invalid,
        ),
        (
            "too large",
            sent(&format!("{{\"client_name\":\"{}\"}}", "x".repeat(70_000))),
            (413, "invalid_client_metadata"),
        ),
        ("no redirect URI", sent("{}"), (400, "invalid_redirect_uri")),
    ] {
        refused(request.send().await.unwrap(), expected, why).await;
    }
    assert_eq!(register().bearer_auth(&good).send().await.unwrap().status(), 201, "the honest one");
    server.clock.advance(Duration::hours(1));
    refused(register().bearer_auth(&good).send().await.unwrap(), unknown, "expired").await;
}

#[tokio::test]
async fn nobody_manages_a_registration_without_its_own_token() {
    let server = TestServer::with(|settings| settings.registration.mode = RegistrationMode::Open).await;
    let register = async || -> Value {
        let request = send(&server, Method::POST, "/connect/register").json(&metadata());
        request.send().await.unwrap().json().await.unwrap()
    };
    let (ours, theirs, gone) = (register().await, register().await, register().await);
    let member = |registered: &Value, name: &str| registered[name].as_str().unwrap().to_owned();
    let (token, other) =
        (member(&ours, "registration_access_token"), member(&theirs, "registration_access_token"));
    let path = |id: &str| format!("/connect/register/{id}");
    let (id, deleted) = (member(&ours, "client_id"), member(&gone, "client_id"));
    let last = member(&gone, "registration_access_token");
    let delete = send(&server, Method::DELETE, &path(&deleted)).bearer_auth(&last).send().await.unwrap();
    assert_eq!(delete.status(), 204);

    let (long, shifted) = ("x".repeat(10_000), damaged(&token));
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let request = |id: &str| {
            let request = send(&server, method.clone(), &path(id));
            if method == Method::PUT { request.json(&metadata()) } else { request }
        };
        for (why, request) in [
            ("no token", request(&id)),
            ("another scheme", request(&id).basic_auth(&id, ours["client_secret"].as_str())),
        ] {
            refused(request.send().await.unwrap(), (401, "invalid_request"), &format!("{method}: {why}"))
                .await;
        }
        for (why, request) in [
            ("a malformed token", request(&id).bearer_auth("nonsense")),
            ("an oversized token", request(&id).bearer_auth(&long)),
            ("a wrong checksum", request(&id).bearer_auth(&shifted)),
            ("another client's token", request(&id).bearer_auth(&other)),
            ("an unknown client", request("nobody").bearer_auth(&token)),
            ("an oversized client", request(&long).bearer_auth(&token)),
            ("an undecodable client", request("%ff").bearer_auth(&token)),
            ("a deleted client", request(&deleted).bearer_auth(&last)),
        ] {
            refused(request.send().await.unwrap(), (401, "invalid_token"), &format!("{method}: {why}")).await;
        }
    }
    let put = |body: Value| send(&server, Method::PUT, &path(&id)).bearer_auth(&token).json(&body);
    let with = |name: &str, value: &str| {
        let mut body = metadata();
        body[name] = json!(value);
        body
    };
    for (why, body, error) in [
        ("another client's id", with("client_id", &member(&theirs, "client_id")), "invalid_client_metadata"),
        ("a secret of its own choice", with("client_secret", "chosen"), "invalid_client_metadata"),
        ("no redirect URI", json!({}), "invalid_redirect_uri"),
        ("no object", json!([]), "invalid_client_metadata"),
    ] {
        refused(put(body).send().await.unwrap(), (400, error), why).await;
    }
    let honest = send(&server, Method::GET, &path(&id)).bearer_auth(&token).send().await.unwrap();
    assert_eq!(honest.json::<Value>().await.unwrap()["redirect_uris"], metadata()["redirect_uris"]);
}
