//! "Dynamic Client Registration (RFC 7591 / RFC 7592)".

use serde_json::{Value, json};
use tests::support::{Browser, Callback, Pkce, RelyingParty, TestServer};

use super::{Answer, configured, curl, metadata};

pub(super) const REGISTER: &str = r#"curl -X POST http://localhost:8080/connect/register \
-H "Content-Type: application/json" \
-d '{
"client_name": "My App",
"redirect_uris": ["https://myapp.example/callback"],
"grant_types": ["authorization_code", "refresh_token"],
"response_types": ["code"],
"scope": "openid profile email",
"token_endpoint_auth_method": "client_secret_basic"
}'"#;

const READ: &str = r#"curl http://localhost:8080/connect/register/YOUR_CLIENT_ID \
-H "Authorization: Bearer REGISTRATION_ACCESS_TOKEN""#;

const UPDATE: &str = r#"curl -X PUT http://localhost:8080/connect/register/YOUR_CLIENT_ID \
-H "Authorization: Bearer REGISTRATION_ACCESS_TOKEN" \
-H "Content-Type: application/json" \
-d '{"client_name": "My Updated App", ...}'"#;

const DELETE: &str = r#"curl -X DELETE http://localhost:8080/connect/register/YOUR_CLIENT_ID \
-H "Authorization: Bearer REGISTRATION_ACCESS_TOKEN""#;

/// The members that the document's update leaves out.
const REST: &str = r#""redirect_uris": ["https://myapp.example/callback"]"#;

/// A server where a client may register "without admin involvement".
pub(super) async fn open() -> TestServer {
    configured(&[("OAUTH2_DYNAMIC_REGISTRATION", "open")]).await
}

/// The document's registration.
pub(super) async fn register(server: &TestServer) -> Value {
    curl(server, REGISTER, &[]).await.json(201)
}

async fn manage(server: &TestServer, example: &str, registered: &Value) -> Answer {
    let member = |name: &str| registered[name].as_str().unwrap().to_owned();
    let (id, token) = (member("client_id"), member("registration_access_token"));
    curl(server, example, &[("YOUR_CLIENT_ID", &id), ("REGISTRATION_ACCESS_TOKEN", &token)]).await
}

#[tokio::test]
async fn register_a_new_client() {
    let server = open().await;
    server.user("ada").await;
    let registered = register(&server).await;
    for member in ["client_id", "client_secret", "registration_access_token"] {
        assert!(!registered[member].as_str().unwrap().is_empty(), "{member}");
    }
    assert_eq!(registered["client_name"], "My App");
    assert_eq!(registered["redirect_uris"], json!(["https://myapp.example/callback"]));
    assert_eq!(registered["token_endpoint_auth_method"], "client_secret_basic");
    assert_eq!(registered["grant_types"], json!(["authorization_code"]), "refresh_token is off by default");

    // The registered client works.
    let (id, secret) = (registered["client_id"].as_str().unwrap(), registered["client_secret"].as_str());
    let redirect_uri = "https://myapp.example/callback";
    let client = RelyingParty::registered(&server.issuer, id, secret.map(str::to_owned), redirect_uri);
    let url = client.authorization_url(&[("code_challenge", &Pkce::new().challenge)]);
    let arrived = Browser::new(&server.issuer).sign_in_and_consent(&url, "ada").await;
    client.redeemed(Callback::from_url(&arrived).code()).await;
}

#[tokio::test]
async fn register_a_new_client_lists_refresh_token_where_it_is_enabled() {
    let server = configured(&[
        ("OAUTH2_DYNAMIC_REGISTRATION", "open"),
        ("OAUTH2_REFRESH_TOKEN_GRANT_ENABLED", "true"),
    ])
    .await;
    let registered = register(&server).await;
    assert_eq!(registered["grant_types"], json!(["authorization_code", "refresh_token"]));
}

#[tokio::test]
async fn read_your_registration() {
    let server = open().await;
    let registered = register(&server).await;
    let read = manage(&server, READ, &registered).await.json(200);
    assert_eq!(read["client_name"], "My App");
    assert_eq!(read["client_id"], registered["client_id"]);
    assert_eq!(read["scope"], registered["scope"]);
    assert!(read.get("client_secret").is_none(), "the secret is shown once");
}

#[tokio::test]
async fn update_your_registration() {
    let server = open().await;
    let registered = register(&server).await;
    let update = UPDATE.replace("...", REST);
    let updated = manage(&server, &update, &registered).await.json(200);
    assert_eq!(updated["client_name"], "My Updated App");
    assert_eq!(updated["client_id"], registered["client_id"]);
    assert_eq!(manage(&server, READ, &registered).await.json(200)["client_name"], "My Updated App");
}

#[tokio::test]
async fn delete_your_registration() {
    let server = open().await;
    let registered = register(&server).await;
    let deleted = manage(&server, DELETE, &registered).await;
    assert_eq!((deleted.status, deleted.body.as_str()), (204, ""));
    for example in [READ, DELETE] {
        assert_eq!(manage(&server, example, &registered).await.error(401), "invalid_token");
    }
}

#[tokio::test]
async fn the_registration_access_token_is_required_for_later_management_calls() {
    let server = open().await;
    let registered = register(&server).await;
    let mut forged = registered.clone();
    forged["registration_access_token"] = register(&server).await["registration_access_token"].clone();
    for example in [READ, DELETE, &UPDATE.replace("...", REST)] {
        assert_eq!(manage(&server, example, &forged).await.error(401), "invalid_token");
        let bare = example.replace(" \\\n-H \"Authorization: Bearer REGISTRATION_ACCESS_TOKEN\"", "");
        let id = registered["client_id"].as_str().unwrap();
        assert_eq!(curl(&server, &bare, &[("YOUR_CLIENT_ID", id)]).await.error(401), "invalid_request");
    }
    assert_eq!(manage(&server, READ, &registered).await.json(200)["client_name"], "My App");
}

#[tokio::test]
async fn registration_is_not_anonymous_by_default() {
    let server = configured(&[]).await;
    let refused = curl(&server, REGISTER, &[]).await;
    assert_eq!(refused.error(401), "invalid_request");
    assert!(refused.body.contains("client registration needs an initial access token"), "{}", refused.body);
    assert!(refused.headers["www-authenticate"].to_str().unwrap().starts_with("Bearer "));
    assert_eq!(metadata(&server).await["registration_endpoint"], server.url("/connect/register"));
}
