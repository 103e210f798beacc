//! "Endpoint map": every row, requested with every method and without parameters.
//!
//! Other tests prove what an endpoint does. Here: the endpoint exists, and answers the methods of
//! its row and those that its specification requires (named in the row's test), and no others.

use reqwest::Method;
use serde_json::Value;
use tests::support::TestServer;

use super::configured;

const METHODS: [Method; 5] = [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH];

/// The expected answer to a method that the endpoint does not support.
const NOT_ALLOWED: (u16, &str) = (405, "invalid_request");

/// The status of each method, and the `error` in JSON, on a page or in an empty form; empty for a
/// success.
async fn row(path: &str, expected: [(u16, &str); 5]) -> TestServer {
    let server = configured(&[("OAUTH2_DYNAMIC_REGISTRATION", "open")]).await;
    let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    let http = http.build().unwrap();
    for (method, (status, error)) in METHODS.into_iter().zip(expected) {
        let mut request = http.request(method.clone(), server.url(path));
        if method == Method::POST {
            request = request.form(&[("unknown", "x")]);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), status, "{method} {path}");
        assert_eq!(answer.headers().contains_key("allow"), status == 405, "{method} {path}");
        let body = answer.text().await.unwrap();
        let found = serde_json::from_str::<Value>(&body)
            .ok()
            .and_then(|json| json["error"].as_str().map(str::to_owned));
        let names_it = found.as_deref() == Some(error)
            || body.contains(&format!("<code id=\"error-code\">{error}</code>"));
        assert!(names_it || (error.is_empty() && found.is_none()), "{method} {path}: {body}");
    }
    server
}

#[tokio::test]
async fn oauth_authorize() {
    // POST: OpenID Connect Core §3.1.2.1.
    row(
        "/oauth/authorize",
        [(400, "invalid_request"), (400, "invalid_request"), NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED],
    )
    .await;
}

#[tokio::test]
async fn oauth_token() {
    row("/oauth/token", [NOT_ALLOWED, (401, "invalid_client"), NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED]).await;
}

#[tokio::test]
async fn oauth_introspect() {
    row("/oauth/introspect", [NOT_ALLOWED, (401, "invalid_client"), NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED])
        .await;
}

#[tokio::test]
async fn oauth_revoke() {
    row("/oauth/revoke", [NOT_ALLOWED, (401, "invalid_client"), NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED]).await;
}

#[tokio::test]
async fn oauth_par() {
    row("/oauth/par", [NOT_ALLOWED, (401, "invalid_client"), NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED]).await;
}

#[tokio::test]
async fn oauth_userinfo() {
    row(
        "/oauth/userinfo",
        [(401, "invalid_request"), (401, "invalid_request"), NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED],
    )
    .await;
}

#[tokio::test]
async fn oauth_logout() {
    // POST: OpenID Connect RP-Initiated Logout §2; the server stores it and redirects with GET.
    row("/oauth/logout", [(200, ""), (303, ""), NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED]).await;
}

#[tokio::test]
async fn oauth_device_authorization() {
    row(
        "/oauth/device_authorization",
        [NOT_ALLOWED, (401, "invalid_client"), NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED],
    )
    .await;
}

#[tokio::test]
async fn oauth_device_verify() {
    row("/oauth/device/verify", [(303, ""), (400, "invalid_request"), NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED])
        .await;
}

#[tokio::test]
async fn connect_register() {
    row(
        "/connect/register",
        [NOT_ALLOWED, (400, "invalid_client_metadata"), NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED],
    )
    .await;
}

#[tokio::test]
async fn connect_register_client_id() {
    let managed = (401, "invalid_request");
    row("/connect/register/web", [managed, NOT_ALLOWED, managed, managed, NOT_ALLOWED]).await;
}

#[tokio::test]
async fn well_known_openid_configuration() {
    row("/.well-known/openid-configuration", [(200, ""), NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED])
        .await;
}

#[tokio::test]
async fn well_known_oauth_authorization_server() {
    let path = "/.well-known/oauth-authorization-server";
    let server = row(path, [(200, ""), NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED]).await;
    let alias = reqwest::get(server.url(path)).await.unwrap().bytes().await.unwrap();
    let document = reqwest::get(server.url("/.well-known/openid-configuration")).await.unwrap();
    assert_eq!(alias, document.bytes().await.unwrap(), "an alias for the OIDC discovery document");
}

#[tokio::test]
async fn well_known_jwks_json() {
    row("/.well-known/jwks.json", [(200, ""), NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED]).await;
}

#[tokio::test]
async fn well_known_oauth_protected_resource() {
    row(
        "/.well-known/oauth-protected-resource",
        [(200, ""), NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED],
    )
    .await;
}
