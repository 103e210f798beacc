//! "Introspection and revocation", "JWT introspection response (RFC 9701)".

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};
use tests::support::{RelyingParty, TestServer};

use super::{configured, credentials_and, curl, metadata, own_token, your_client};

pub(super) const INTROSPECT_POST: &str = r#"curl -X POST http://localhost:8080/oauth/introspect \
-H "Content-Type: application/x-www-form-urlencoded" \
-d "token=ACCESS_TOKEN" \
-d "client_id=YOUR_CLIENT_ID" \
-d "client_secret=YOUR_CLIENT_SECRET""#;

const INTROSPECT_BASIC: &str = r#"curl -X POST http://localhost:8080/oauth/introspect \
-u "YOUR_CLIENT_ID:YOUR_CLIENT_SECRET" \
-H "Content-Type: application/x-www-form-urlencoded" \
-d "token=ACCESS_TOKEN""#;

pub(super) const INTROSPECT_JWT: &str = r#"curl -X POST http://localhost:8080/oauth/introspect \
-u "YOUR_CLIENT_ID:YOUR_CLIENT_SECRET" \
-H "Accept: application/token-introspection+jwt" \
-H "Content-Type: application/x-www-form-urlencoded" \
-d "token=ACCESS_TOKEN""#;

pub(super) const REVOKE_POST: &str = r#"curl -X POST http://localhost:8080/oauth/revoke \
-H "Content-Type: application/x-www-form-urlencoded" \
-d "token=ACCESS_TOKEN" \
-d "client_id=YOUR_CLIENT_ID" \
-d "client_secret=YOUR_CLIENT_SECRET""#;

const REVOKE_BASIC: &str = r#"curl -X POST http://localhost:8080/oauth/revoke \
-u "YOUR_CLIENT_ID:YOUR_CLIENT_SECRET" \
-H "Content-Type: application/x-www-form-urlencoded" \
-d "token=ACCESS_TOKEN""#;

async fn with_token() -> (TestServer, RelyingParty, String) {
    let server = configured(&[]).await;
    let client = your_client(&server).await;
    let token = own_token(&client).await;
    (server, client, token)
}

async fn validates(example: &str) {
    let (server, client, token) = with_token().await;
    let answer = curl(&server, example, &credentials_and(&client, &token)).await;
    assert_eq!(answer.headers["cache-control"], "no-store");
    let seen = answer.json(200);
    assert_eq!((&seen["active"], &seen["scope"]), (&json!(true), &json!("read")));
    assert_eq!((&seen["client_id"], &seen["iss"]), (&json!("web"), &json!(server.issuer)));
    let unknown = curl(&server, example, &credentials_and(&client, "nonsense")).await;
    assert_eq!(unknown.json(200), json!({"active": false}));
    let wrong = curl(&server, example, &credentials_and(&client.with_secret("wrong"), &token)).await;
    assert_eq!(wrong.error(401), "invalid_client");
    assert!(wrong.headers["www-authenticate"].to_str().unwrap().starts_with("Basic "));
}

async fn revokes(example: &str) {
    let (server, client, token) = with_token().await;
    let wrong = curl(&server, example, &credentials_and(&client.with_secret("wrong"), &token)).await;
    assert_eq!(wrong.error(401), "invalid_client");
    assert_eq!(client.introspect(&token).await["active"], true, "not revoked by a stranger");
    let answer = curl(&server, example, &credentials_and(&client, &token)).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    assert_eq!(client.introspect(&token).await, json!({"active": false}));
}

#[tokio::test]
async fn validate_a_token_client_secret_post() {
    validates(INTROSPECT_POST).await;
}

#[tokio::test]
async fn validate_a_token_with_http_basic_auth() {
    validates(INTROSPECT_BASIC).await;
}

#[tokio::test]
async fn revoke_a_token_client_secret_post() {
    revokes(REVOKE_POST).await;
}

#[tokio::test]
async fn revoke_a_token_with_http_basic_auth() {
    revokes(REVOKE_BASIC).await;
}

#[tokio::test]
async fn jwt_introspection_response() {
    let (server, client, token) = with_token().await;
    let answer = curl(&server, INTROSPECT_JWT, &credentials_and(&client, &token)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.headers["content-type"], "application/token-introspection+jwt");
    let header = URL_SAFE_NO_PAD.decode(answer.body.split('.').next().unwrap()).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    assert_eq!((&header["typ"], &header["alg"]), (&json!("token-introspection+jwt"), &json!("RS256")));

    let jwks: JwkSet =
        reqwest::get(server.url("/.well-known/jwks.json")).await.unwrap().json().await.unwrap();
    let key = DecodingKey::from_jwk(jwks.find(header["kid"].as_str().unwrap()).unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_issuer(&[&server.issuer]);
    validation.set_audience(&["web"]);
    validation.required_spec_claims = ["iss", "aud"].map(str::to_owned).into();
    let claims = jsonwebtoken::decode::<Value>(&answer.body, &key, &validation).unwrap().claims;
    assert_eq!(claims["token_introspection"]["active"], true);
    assert_eq!(claims["token_introspection"]["client_id"], "web");
}

#[tokio::test]
async fn both_endpoints_require_client_authentication_and_discovery_advertises_the_methods() {
    let (server, client, token) = with_token().await;
    let discovered = metadata(&server).await;
    for (example, member) in [
        (INTROSPECT_POST, "introspection_endpoint_auth_methods_supported"),
        (REVOKE_POST, "revocation_endpoint_auth_methods_supported"),
    ] {
        let bare = example
            .replace(" \\\n-d \"client_id=YOUR_CLIENT_ID\" \\\n-d \"client_secret=YOUR_CLIENT_SECRET\"", "");
        let answer = curl(&server, &bare, &[("ACCESS_TOKEN", &token)]).await;
        assert_eq!(answer.error(401), "invalid_client", "{member}");
        let methods = discovered[member].as_array().unwrap();
        for method in ["client_secret_post", "client_secret_basic"] {
            assert!(methods.contains(&json!(method)), "{member}: {methods:?}");
        }
    }
    let methods = discovered["introspection_endpoint_auth_methods_supported"].as_array().unwrap();
    assert!(!methods.contains(&json!("none")));
    assert_eq!(client.introspect(&token).await["active"], true);
}

#[tokio::test]
async fn note_unauthenticated_introspection() {
    let server = configured(&[("OAUTH2_PUBLIC_INTROSPECTION", "true")]).await;
    let token = own_token(&your_client(&server).await).await;
    let bare = r#"curl -X POST http://localhost:8080/oauth/introspect -d "token=ACCESS_TOKEN""#;
    assert_eq!(curl(&server, bare, &[("ACCESS_TOKEN", &token)]).await.json(200)["active"], true);
    let methods = &metadata(&server).await["introspection_endpoint_auth_methods_supported"];
    assert!(methods.as_array().unwrap().contains(&json!("none")), "{methods}");
}
