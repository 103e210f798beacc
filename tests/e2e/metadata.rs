//! The complete metadata, and a check that every endpoint in it exists (RFC 8414, OpenID Connect
//! Discovery).

use serde_json::Value;
use tests::support::TestServer;

async fn document(server: &TestServer, path: &str) -> Value {
    reqwest::get(server.url(path)).await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn both_documents_are_the_same_and_complete() {
    let server = TestServer::start().await;
    let openid = document(&server, "/.well-known/openid-configuration").await;
    assert_eq!(openid, document(&server, "/.well-known/oauth-authorization-server").await);
    let text = serde_json::to_string_pretty(&openid).unwrap().replace(&server.issuer, "[issuer]");
    insta::assert_snapshot!("metadata", text);
}

#[tokio::test]
async fn the_refresh_token_grant_is_advertised_only_when_it_is_on() {
    let server = TestServer::with(|settings| settings.refresh_token_grant = false).await;
    let openid = document(&server, "/.well-known/openid-configuration").await;
    assert!(!openid["scopes_supported"].as_array().unwrap().contains(&"offline_access".into()));
    assert!(!openid["grant_types_supported"].as_array().unwrap().contains(&"refresh_token".into()));
}

#[tokio::test]
async fn public_introspection_is_advertised_only_when_it_is_on() {
    for public in [false, true] {
        let server = TestServer::with(|settings| settings.public_introspection = public).await;
        let openid = document(&server, "/.well-known/openid-configuration").await;
        let methods = openid["introspection_endpoint_auth_methods_supported"].as_array().unwrap();
        assert_eq!(methods.contains(&"none".into()), public);
    }
}

#[tokio::test]
async fn every_endpoint_it_names_answers() {
    let server = TestServer::start().await;
    let openid = document(&server, "/.well-known/openid-configuration").await;
    let endpoints = openid.as_object().unwrap().iter().filter(|(name, _)| {
        name.ends_with("_endpoint") || ["jwks_uri", "service_documentation"].contains(&name.as_str())
    });
    let http = reqwest::Client::new();
    for (name, url) in endpoints {
        let url = url.as_str().unwrap();
        let posted = ["token", "introspection", "revocation", "pushed", "device", "registration"]
            .iter()
            .any(|kind| name.contains(kind));
        let request = if posted { http.post(url).form(&[("token", "x")]) } else { http.get(url) };
        // The expected response of each endpoint to a request without credentials.
        let expected = match name.as_str() {
            "userinfo_endpoint" => 401,
            "authorization_endpoint" => 400,
            _ if posted => 401,
            _ => 200,
        };
        assert_eq!(request.send().await.unwrap().status(), expected, "{name}");
    }
}

#[tokio::test]
async fn the_server_says_that_it_lives_and_that_it_is_ready() {
    let server = TestServer::start().await;
    for path in ["/health", "/ready"] {
        let answer = reqwest::get(server.url(path)).await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
    }
}
