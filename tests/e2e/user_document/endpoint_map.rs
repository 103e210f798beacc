//! "Endpoint map": every row, asked by every method without anything else.
//!
//! What an endpoint does is proven under its heading. Here: it is there, it answers the methods of its row as itself,
//! and no other, but for those that its own specification demands beside them (named in the row's test).

use reqwest::Method;
use serde_json::Value;
use tests::support::TestServer;

use super::configured;

const METHODS: [Method; 5] = [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH];

/// Another method than the endpoint's.
const NOT: (u16, &str) = (405, "invalid_request");

/// The status of each method, and the `error` of JSON, a page or an empty form; nothing for a success.
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
        let names_it =
            found.as_deref() == Some(error) || body.contains(&format!("<h1 id=\"error\">{error}</h1>"));
        assert!(names_it || (error.is_empty() && found.is_none()), "{method} {path}: {body}");
    }
    server
}

#[tokio::test]
async fn oauth_authorize() {
    // POST: OpenID Connect Core §3.1.2.1.
    row("/oauth/authorize", [(400, "invalid_request"), (400, "invalid_request"), NOT, NOT, NOT]).await;
}

#[tokio::test]
async fn oauth_token() {
    row("/oauth/token", [NOT, (401, "invalid_client"), NOT, NOT, NOT]).await;
}

#[tokio::test]
async fn oauth_introspect() {
    row("/oauth/introspect", [NOT, (401, "invalid_client"), NOT, NOT, NOT]).await;
}

#[tokio::test]
async fn oauth_revoke() {
    row("/oauth/revoke", [NOT, (401, "invalid_client"), NOT, NOT, NOT]).await;
}

#[tokio::test]
async fn oauth_par() {
    row("/oauth/par", [NOT, (401, "invalid_client"), NOT, NOT, NOT]).await;
}

#[tokio::test]
async fn oauth_userinfo() {
    row("/oauth/userinfo", [(401, "invalid_token"), (401, "invalid_token"), NOT, NOT, NOT]).await;
}

#[tokio::test]
async fn oauth_logout() {
    // POST: OpenID Connect RP-Initiated Logout §2; kept for our own GET.
    row("/oauth/logout", [(200, ""), (303, ""), NOT, NOT, NOT]).await;
}

#[tokio::test]
async fn oauth_device_authorization() {
    row("/oauth/device_authorization", [NOT, (401, "invalid_client"), NOT, NOT, NOT]).await;
}

#[tokio::test]
async fn oauth_device_verify() {
    row("/oauth/device/verify", [(303, ""), (400, "invalid_request"), NOT, NOT, NOT]).await;
}

#[tokio::test]
async fn connect_register() {
    row("/connect/register", [NOT, (400, "invalid_client_metadata"), NOT, NOT, NOT]).await;
}

#[tokio::test]
async fn connect_register_client_id() {
    let managed = (401, "invalid_token");
    row("/connect/register/web", [managed, NOT, managed, managed, NOT]).await;
}

#[tokio::test]
async fn well_known_openid_configuration() {
    row("/.well-known/openid-configuration", [(200, ""), NOT, NOT, NOT, NOT]).await;
}

#[tokio::test]
async fn well_known_oauth_authorization_server() {
    let path = "/.well-known/oauth-authorization-server";
    let server = row(path, [(200, ""), NOT, NOT, NOT, NOT]).await;
    let alias = reqwest::get(server.url(path)).await.unwrap().bytes().await.unwrap();
    let document = reqwest::get(server.url("/.well-known/openid-configuration")).await.unwrap();
    assert_eq!(alias, document.bytes().await.unwrap(), "an alias for the OIDC discovery document");
}

#[tokio::test]
async fn well_known_jwks_json() {
    row("/.well-known/jwks.json", [(200, ""), NOT, NOT, NOT, NOT]).await;
}

#[tokio::test]
async fn well_known_oauth_protected_resource() {
    row("/.well-known/oauth-protected-resource", [(200, ""), NOT, NOT, NOT, NOT]).await;
}
