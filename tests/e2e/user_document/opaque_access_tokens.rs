//! "Opaque access tokens".

use serde_json::json;

use super::introspection_and_revocation::{INTROSPECT_POST, REVOKE_POST};
use super::{client_credentials, configured, credentials, credentials_and, curl, your_client};

#[tokio::test]
async fn by_default_access_tokens_are_jwts() {
    let server = configured(&[]).await;
    let client = your_client(&server).await;
    let tokens = curl(&server, client_credentials::EXAMPLE, &credentials(&client)).await.tokens();
    assert_eq!(tokens.claims("access_token")["iss"], server.issuer);
}

#[tokio::test]
async fn to_issue_opaque_tokens_that_require_introspection_to_validate() {
    let server = configured(&[("OAUTH2_ACCESS_TOKENS_OPAQUE", "true")]).await;
    let client = your_client(&server).await;
    let tokens = curl(&server, client_credentials::EXAMPLE, &credentials(&client)).await.tokens();
    let token = tokens.text("access_token");
    assert!(!token.contains('.'), "{token} has parts");
    let seen = curl(&server, INTROSPECT_POST, &credentials_and(&client, token)).await.json(200);
    assert_eq!((&seen["active"], &seen["scope"]), (&json!(true), &json!("read")));
    assert_eq!(curl(&server, REVOKE_POST, &credentials_and(&client, token)).await.status, 200);
    let seen = curl(&server, INTROSPECT_POST, &credentials_and(&client, token)).await.json(200);
    assert_eq!(seen, json!({"active": false}));
}
