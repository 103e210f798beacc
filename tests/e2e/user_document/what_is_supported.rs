//! "What is supported": every row, checked as its notes describe.

use domain::GrantType;
use serde_json::{Value, json};
use tests::support::{Browser, Callback, PASSWORD, Pkce, RelyingParty, TestServer, Tokens};

use super::introspection_and_revocation::{INTROSPECT_JWT, INTROSPECT_POST, REVOKE_POST};
use super::{authorization_request, configured, credentials, credentials_and, curl, metadata, own_token};
use super::{client_credentials, device_authorization, discovery, dynamic_registration, pushed_requests};
use super::{signed_in, your_client, your_client_with};

/// Tokens of ada, by the document's authorization request.
async fn tokens(client: &RelyingParty, browser: &Browser) -> Tokens {
    let arrived = browser.sign_in_and_consent(&authorization_request(client, &Pkce::new()), "ada").await;
    client.redeemed(Callback::from_url(&arrived).code()).await
}

async fn grant_types(server: &TestServer) -> Vec<Value> {
    metadata(server).await["grant_types_supported"].as_array().unwrap().clone()
}

async fn is_advertised(server: &TestServer, grant: &str) -> bool {
    grant_types(server).await.contains(&json!(grant))
}

#[tokio::test]
async fn authorization_code_and_pkce() {
    let server = configured(&[]).await;
    server.user("ada").await;
    let client = your_client(&server).await;
    let browser = signed_in(&server, "ada").await;
    let plain = authorization_request(&client, &Pkce::new()).replace("=S256", "=plain");
    assert_eq!(
        Callback::from_url(&browser.open(&plain).await.client()).get("error"),
        Some("invalid_request")
    );
    assert_eq!(tokens(&client, &browser).await.0["scope"], "openid profile read");
    assert_eq!(metadata(&server).await["code_challenge_methods_supported"], json!(["S256"]));
}

#[tokio::test]
async fn client_credentials() {
    let server = configured(&[]).await;
    let client = your_client(&server).await;
    let tokens = curl(&server, client_credentials::EXAMPLE, &credentials(&client)).await.tokens();
    assert_eq!(client.introspect(tokens.text("access_token")).await["active"], true);
    assert!(is_advertised(&server, "client_credentials").await);
}

#[tokio::test]
async fn device_authorization() {
    let server = configured(&[]).await;
    let device = device_authorization::device(&server).await;
    device_authorization::start(&server, &device).await;
    assert!(is_advertised(&server, "urn:ietf:params:oauth:grant-type:device_code").await);
    let endpoint = &metadata(&server).await["device_authorization_endpoint"];
    assert_eq!(endpoint, &server.url("/oauth/device_authorization"));
}

#[tokio::test]
async fn token_introspection() {
    let server = configured(&[]).await;
    let client = your_client(&server).await;
    let token = own_token(&client).await;
    let words = credentials_and(&client, &token);
    assert_eq!(curl(&server, INTROSPECT_POST, &words).await.json(200)["active"], true);
    let signed = curl(&server, INTROSPECT_JWT, &words).await;
    assert_eq!(signed.headers["content-type"], "application/token-introspection+jwt");
    assert_eq!(signed.body.split('.').count(), 3);
}

#[tokio::test]
async fn token_revocation() {
    let server = configured(&[]).await;
    let client = your_client(&server).await;
    let token = own_token(&client).await;
    assert_eq!(curl(&server, REVOKE_POST, &credentials_and(&client, &token)).await.status, 200);
    assert_eq!(client.introspect(&token).await, json!({"active": false}));
}

#[tokio::test]
async fn pushed_authorization_requests() {
    let server = configured(&[]).await;
    let callback = "https://yourapp.example/callback".parse().unwrap();
    let client = your_client_with(&server, |client| client.redirect_uris = vec![callback]).await;
    let ([id, secret], pkce) = (credentials(&client), Pkce::new());
    let words = [id, secret, ("CODE_CHALLENGE", pkce.challenge.as_str())];
    assert!(curl(&server, pushed_requests::PUSH, &words).await.json(201)["request_uri"].is_string());
    let endpoint = &metadata(&server).await["pushed_authorization_request_endpoint"];
    assert_eq!(endpoint, &server.url("/oauth/par"));
}

#[tokio::test]
async fn oidc_logout() {
    let server = configured(&[]).await;
    server.user("ada").await;
    let client = your_client(&server).await;
    let browser = signed_in(&server, "ada").await;
    let hint = tokens(&client, &browser).await.text("id_token").to_owned();
    let logout = |hint: &str| format!("/oauth/logout?id_token_hint={hint}");
    let (message, _) = hint.rsplit_once('.').unwrap();
    let forged = browser.open(&logout(&format!("{message}.{}", "A".repeat(342)))).await.page();
    super::assert_error_page(&forged, "invalid_request");
    tokens(&client, &browser).await; // still signed in
    assert!(browser.open(&logout(&hint)).await.page().has("#logged-out"));
    let again = browser.open(&authorization_request(&client, &Pkce::new())).await.page();
    assert!(again.has("#login"));
}

#[tokio::test]
async fn discovery() {
    let server = configured(&[]).await;
    let document = curl(&server, discovery::DISCOVERY, &[]).await.json(200);
    assert_eq!(document["issuer"], server.issuer);
}

#[tokio::test]
async fn jwks() {
    let server = configured(&[("OAUTH2_ACCESS_TOKEN_ALG", "RS256")]).await;
    let client = your_client(&server).await;
    let header = jsonwebtoken::decode_header(&own_token(&client).await).unwrap();
    assert_eq!(header.alg, jsonwebtoken::Algorithm::RS256);
    let keys = curl(&server, discovery::JWKS, &[]).await.json(200);
    let signed_with =
        keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == header.kid.as_deref().unwrap());
    assert_eq!(signed_with.unwrap()["kty"], "RSA");
}

#[tokio::test]
async fn userinfo() {
    let server = configured(&[]).await;
    server.user("ada").await;
    let client = your_client(&server).await;
    let tokens = tokens(&client, &Browser::new(&server.issuer)).await;
    let words = [("ACCESS_TOKEN", tokens.text("access_token"))];
    let posted = discovery::USERINFO.replace("curl ", "curl -X POST ");
    for example in [discovery::USERINFO, &posted] {
        let claims = curl(&server, example, &words).await.json(200);
        assert_eq!((&claims["name"], &claims["preferred_username"]), (&json!("Ada Lovelace"), &json!("ada")));
    }
}

#[tokio::test]
async fn protected_resource_metadata() {
    let server = configured(&[]).await;
    let example = "curl http://localhost:8080/.well-known/oauth-protected-resource";
    let document = curl(&server, example, &[]).await.json(200);
    assert_eq!(document["resource"], server.issuer);
    assert_eq!(document["authorization_servers"], json!([server.issuer]));
    assert_eq!(document["jwks_uri"], server.url("/.well-known/jwks.json"));
}

#[tokio::test]
async fn dynamic_client_registration() {
    let server = dynamic_registration::open().await;
    let registered = dynamic_registration::register(&server).await;
    assert_eq!(registered["registration_client_uri"], {
        let id = registered["client_id"].as_str().unwrap();
        server.url(&format!("/connect/register/{id}"))
    });
}

#[tokio::test]
async fn opaque_access_tokens() {
    for (value, parts) in [("true", 1), ("false", 3)] {
        let server = configured(&[("OAUTH2_ACCESS_TOKENS_OPAQUE", value)]).await;
        let token = own_token(&your_client(&server).await).await;
        assert_eq!(token.split('.').count(), parts, "{value}: {token}");
    }
}

#[tokio::test]
async fn refresh_token_grant() {
    for enabled in [false, true] {
        let server = configured(&[("OAUTH2_REFRESH_TOKEN_GRANT_ENABLED", &enabled.to_string())]).await;
        server.user("ada").await;
        let client = your_client_with(&server, |client| {
            client.grant_types.insert(GrantType::RefreshToken);
        })
        .await;
        let tokens = tokens(&client, &Browser::new(&server.issuer)).await;
        assert_eq!(tokens.0.get("refresh_token").is_some(), enabled);
        let answer = client.refresh(tokens.0["refresh_token"].as_str().unwrap_or("x")).await;
        assert_eq!(answer.status(), if enabled { 200 } else { 400 });
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error"] == "unsupported_grant_type", !enabled, "{body}");
        assert_eq!(is_advertised(&server, "refresh_token").await, enabled);
    }
}

#[tokio::test]
async fn password_grant() {
    for enabled in [false, true] {
        let server = configured(&[("OAUTH2_PASSWORD_GRANT_ENABLED", &enabled.to_string())]).await;
        server.user("ada").await;
        let client = your_client_with(&server, |client| {
            client.grant_types.insert(GrantType::Password);
        })
        .await;
        let form = [("grant_type", "password"), ("username", "ada"), ("password", PASSWORD)];
        let answer = client.token(&form).await;
        assert_eq!(answer.status(), if enabled { 200 } else { 400 });
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error"] == "unsupported_grant_type", !enabled, "{body}");
        assert_eq!(is_advertised(&server, "password").await, enabled);
    }
}
