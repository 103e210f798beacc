//! "Discovery, JWKS, and UserInfo". The document names these three calls without writing them out.

use serde_json::json;
use tests::support::{Browser, Callback, Pkce};

use super::{authorization_request, configured, curl, your_client};

pub(super) const DISCOVERY: &str = "curl http://localhost:8080/.well-known/openid-configuration";
pub(super) const JWKS: &str = "curl http://localhost:8080/.well-known/jwks.json";
pub(super) const USERINFO: &str = r#"curl http://localhost:8080/oauth/userinfo \
-H "Authorization: Bearer ACCESS_TOKEN""#;

#[tokio::test]
async fn fetch_discovery() {
    let server = configured(&[]).await;
    let document = curl(&server, DISCOVERY, &[]).await.json(200);
    for (member, path) in [
        ("authorization_endpoint", "/oauth/authorize"),
        ("token_endpoint", "/oauth/token"),
        ("token_introspection_endpoint", "/oauth/introspect"),
        ("token_revocation_endpoint", "/oauth/revoke"),
        ("userinfo_endpoint", "/oauth/userinfo"),
        ("jwks_uri", "/.well-known/jwks.json"),
        ("registration_endpoint", "/connect/register"),
    ] {
        assert_eq!(document[member], server.url(path), "{member}");
    }
    assert_eq!(document["issuer"], server.issuer);
}

#[tokio::test]
async fn fetch_jwks() {
    let server = configured(&[]).await;
    let keys = curl(&server, JWKS, &[]).await.json(200)["keys"].clone();
    let rsa = keys.as_array().unwrap().iter().find(|key| key["kty"] == "RSA").unwrap();
    assert_eq!((&rsa["alg"], &rsa["use"]), (&json!("RS256"), &json!("sig")));
    assert!(rsa["kid"].is_string() && rsa["n"].is_string() && rsa["e"].is_string());
    for key in keys.as_array().unwrap() {
        for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            assert!(key.get(private).is_none(), "{private} is published");
        }
    }
}

#[tokio::test]
async fn call_userinfo_with_a_bearer_token() {
    let server = configured(&[]).await;
    let ada = server.user("ada").await;
    let client = your_client(&server).await;
    let url = authorization_request(&client, &Pkce::new());
    let arrived = Browser::new(&server.issuer).sign_in_and_consent(&url, "ada").await;
    let tokens = client.redeemed(Callback::from_url(&arrived).code()).await;
    let answer = curl(&server, USERINFO, &[("ACCESS_TOKEN", tokens.text("access_token"))]).await;
    let claims = answer.json(200);
    assert_eq!((&claims["sub"], &claims["name"]), (&json!(ada.id.to_string()), &json!("Ada Lovelace")));
    let wrong = curl(&server, USERINFO, &[("ACCESS_TOKEN", "nonsense")]).await;
    assert_eq!(wrong.error(401), "invalid_token");
}
