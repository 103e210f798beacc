//! "Client Credentials".

use super::{configured, credentials, curl, your_client};

pub(super) const EXAMPLE: &str = r#"curl -X POST http://localhost:8080/oauth/token \
-H "Content-Type: application/x-www-form-urlencoded" \
-d "grant_type=client_credentials&client_id=YOUR_CLIENT_ID&client_secret=YOUR_CLIENT_SECRET&scope=read""#;

#[tokio::test]
async fn client_credentials() {
    let server = configured(&[]).await;
    let client = your_client(&server).await;
    let tokens = curl(&server, EXAMPLE, &credentials(&client)).await.tokens();
    assert_eq!(tokens.0["scope"], "read");
    assert!(tokens.0.get("id_token").is_none() && tokens.0.get("refresh_token").is_none());
    let claims = tokens.claims("access_token");
    assert_eq!((&claims["sub"], &claims["client_id"]), (&"web".into(), &"web".into()), "no end user");
    let wrong = curl(&server, EXAMPLE, &credentials(&client.with_secret("wrong"))).await;
    assert_eq!(wrong.error(401), "invalid_client");
}
