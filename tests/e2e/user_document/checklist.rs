//! "Integration checklist".

use serde_json::json;
use server::config::Config;
use tests::support::{Callback, Pkce, TestServer};

use super::{assert_error_page, your_client, your_client_with};
use super::{authorization_request, client_credentials, configured, credentials, curl, metadata, signed_in};

#[tokio::test]
async fn your_redirect_uri_exactly_matches_the_registered_value() {
    let server = configured(&[]).await;
    server.user("ada").await;
    let client = your_client(&server).await;
    let browser = signed_in(&server, "ada").await;
    let good = authorization_request(&client, &Pkce::new());
    for other in [
        "http://localhost:3000/callback/",
        "http://localhost:3000/callback?x=1",
        "http://localhost:3000/CALLBACK",
        "http://localhost:3001/callback",
        "http://127.0.0.1:3000/callback",
        "https://localhost:3000/callback",
        "http://localhost:3000/callback%23x",
    ] {
        let url = good.replace("http://localhost:3000/callback", other);
        assert_ne!(url, good);
        assert_error_page(&browser.open(&url).await.page(), "invalid_request");
    }
    assert!(Callback::from_url(&browser.sign_in_and_consent(&good, "ada").await).get("code").is_some());
}

#[tokio::test]
async fn you_are_using_pkce_for_authorization_code() {
    let server = configured(&[]).await;
    server.user("ada").await;
    let client = your_client(&server).await;
    let browser = signed_in(&server, "ada").await;
    let good = authorization_request(&client, &Pkce::new());
    let (bare, _) = good.split_once("&code_challenge=").unwrap();
    for url in [bare.to_owned(), good.replace("=S256", "=plain")] {
        let callback = Callback::from_url(&browser.open(&url).await.client());
        assert_eq!((callback.get("error"), callback.get("code")), (Some("invalid_request"), None), "{url}");
    }
    let code = Callback::from_url(&browser.sign_in_and_consent(&good, "ada").await).code().to_owned();
    for verifier in ["", &Pkce::from_seed(1).verifier] {
        let form = [("grant_type", "authorization_code"), ("code", &code), ("code_verifier", verifier)];
        let answer = client.token(&form).await;
        assert_eq!(answer.status(), 400);
        let body: serde_json::Value = answer.json().await.unwrap();
        assert_eq!(body["error"], "invalid_grant", "{body}");
    }
    client.redeemed(&code).await;
}

/// The issuer is the public URL of the proxy, whatever address the server listens on.
async fn your_public_issuer_is_correct_behind_a_proxy(variable: &str) {
    let server = TestServer::with(|settings| {
        let environment = [(variable.to_owned(), "https://login.example".to_owned())].into_iter();
        *settings = Config::load(None, environment).unwrap().settings();
    })
    .await;
    let url = format!("{}/.well-known/openid-configuration", server.listening);
    let document: serde_json::Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    assert_eq!(document["issuer"], "https://login.example");
    let members = document.as_object().unwrap().iter();
    for (name, url) in members.filter(|(name, _)| name.ends_with("_endpoint") || *name == "jwks_uri") {
        assert!(url.as_str().unwrap().starts_with("https://login.example/"), "{name}: {url}");
    }
}

#[tokio::test]
async fn your_public_base_url_is_correct_behind_a_proxy() {
    your_public_issuer_is_correct_behind_a_proxy("OAUTH2_SERVER_PUBLIC_BASE_URL").await;
}

#[tokio::test]
async fn your_public_base_url_is_correct_behind_a_proxy_by_its_alias() {
    your_public_issuer_is_correct_behind_a_proxy("OAUTH2_PUBLIC_URL").await;
}

#[tokio::test]
async fn your_chosen_scopes_exist_in_your_client_registration() {
    let server = configured(&[]).await;
    server.user("ada").await;
    let client = your_client_with(&server, |client| client.scope = "openid profile".parse().unwrap()).await;
    let browser = signed_in(&server, "ada").await;
    let arrived = browser.open(&authorization_request(&client, &Pkce::new())).await.client();
    let callback = Callback::from_url(&arrived);
    assert_eq!((callback.get("error"), callback.get("code")), (Some("invalid_scope"), None));
    let answer = curl(&server, client_credentials::EXAMPLE, &credentials(&client)).await;
    assert_eq!(answer.error(400), "invalid_scope");
}

#[tokio::test]
async fn you_are_not_depending_on_refresh_or_password_grants_unless_you_have_intentionally_enabled_them() {
    let server = configured(&[]).await;
    let client = your_client(&server).await;
    for grant in ["refresh_token", "password"] {
        let form = [("grant_type", grant), ("refresh_token", "x"), ("username", "ada"), ("password", "x")];
        let answer = client.token(&form).await;
        assert_eq!(answer.status(), 400, "{grant}");
        let body: serde_json::Value = answer.json().await.unwrap();
        assert_eq!(body["error"], "unsupported_grant_type", "{grant}");
        let grants = &metadata(&server).await["grant_types_supported"];
        assert!(!grants.as_array().unwrap().contains(&json!(grant)), "{grants}");
    }
}

#[tokio::test]
async fn if_you_need_opaque_tokens_they_are_introspected() {
    // The setting and the call are those of "Opaque access tokens". This item adds that a resource
    // server which tries to parse such a token finds no JWT.
    let server = configured(&[("OAUTH2_ACCESS_TOKENS_OPAQUE", "true")]).await;
    let client = your_client(&server).await;
    let token = super::own_token(&client).await;
    assert!(jsonwebtoken::decode_header(&token).is_err(), "{token}");
    assert_eq!(client.introspect(&token).await["client_id"], "web");
}
