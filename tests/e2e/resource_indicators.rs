//! Resource indicators: access tokens for the resources they are meant for (RFC 8707).

mod asked;
mod bad_requests;
mod consent;
mod default_audience;
mod narrowed;
mod readers;
mod scopes;

use domain::GrantType;
use domain::client::ClientResources;
use reqwest::Response;
use serde_json::Value;
use tests::support::{RelyingParty, TestServer, Tokens};
use url::Url;

/// A registered resource that every client of these tests may request.
const API: &str = "https://api.example/v1";
/// Another registered resource that every client of these tests may request.
const FILES: &str = "https://files.example";
/// A registered resource that no client may request.
const OTHER: &str = "https://other.example";
/// A resource that is not registered.
const UNKNOWN: &str = "https://unknown.example";

/// A server with a user and resources.
async fn server() -> TestServer {
    server_with(false).await
}

async fn server_with(opaque: bool) -> TestServer {
    let server = TestServer::with(|settings| {
        settings.password_grant = true;
        settings.opaque_access_tokens = opaque;
    })
    .await;
    server.user("ada").await;
    for id in [API, FILES, OTHER] {
        server.resource(id, |resource| resource.scope = "read write".parse().unwrap()).await;
    }
    server
}

fn resources(default: Option<&str>) -> ClientResources {
    ClientResources {
        allowed: [API, FILES].map(|id| id.parse().unwrap()).into(),
        default: default.map(|id| id.parse().unwrap()),
    }
}

/// A client with every grant that may request [`API`] and [`FILES`].
async fn client(server: &TestServer, id: &str, default: Option<&str>) -> RelyingParty {
    RelyingParty::register(server, id, |client| {
        client.grant_types = GrantType::ALL.into();
        client.resources = resources(default);
    })
    .await
}

/// Adds parameters to a URL; a name may be repeated.
fn with(url: &str, name: &str, values: &[&str]) -> String {
    let mut url = Url::parse(url).unwrap();
    url.query_pairs_mut().extend_pairs(values.iter().map(|value| (name, value)));
    url.into()
}

/// An authorization URL that names resources.
fn request(client: &RelyingParty, scope: &str, named: &[&str]) -> String {
    with(&client.authorization_url(&[("scope", scope)]), "resource", named)
}

/// A form that names resources.
fn naming<'a>(fields: &[(&'a str, &'a str)], named: &[&'a str]) -> Vec<(&'a str, &'a str)> {
    fields.iter().copied().chain(named.iter().map(|id| ("resource", *id))).collect()
}

/// Sends a refresh request that names resources.
async fn refresh(client: &RelyingParty, token: &str, named: &[&str]) -> Response {
    let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
    client.token(&naming(&fields, named)).await
}

async fn refreshed(client: &RelyingParty, token: &str, named: &[&str]) -> Tokens {
    RelyingParty::successful(refresh(client, token, named).await).await
}

fn audience(tokens: &Tokens) -> Value {
    tokens.claims("access_token")["aud"].clone()
}

/// Asserts that the response is this error.
async fn assert_refused(answer: Response, code: &str, what: &str) {
    assert_eq!(answer.status(), 400, "{what}");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["error"], code, "{what}: {body}");
}
