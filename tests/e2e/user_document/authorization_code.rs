//! "Authorization Code + PKCE".

use tests::support::{Browser, Callback, Pkce, RelyingParty, TestServer};
use url::Url;

use super::{Answer, CALLBACK, assert_error_page, authorization_request, configured, credentials, curl};
use super::{signed_in, your_client};

pub(super) const EXCHANGE: &str = r#"curl -X POST http://localhost:8080/oauth/token \
-H "Content-Type: application/x-www-form-urlencoded" \
-d "grant_type=authorization_code" \
-d "code=AUTH_CODE" \
-d "client_id=YOUR_CLIENT_ID" \
-d "client_secret=YOUR_CLIENT_SECRET" \
-d "redirect_uri=http://localhost:3000/callback" \
-d "code_verifier=CODE_VERIFIER""#;

/// A server, a client, and an authorization code for it.
async fn with_code() -> (TestServer, RelyingParty, String) {
    let server = configured(&[]).await;
    server.user("ada").await;
    let client = your_client(&server).await;
    let url = authorization_request(&client, &Pkce::new());
    let code = Callback::from_url(&Browser::new(&server.issuer).sign_in_and_consent(&url, "ada").await)
        .code()
        .to_owned();
    (server, client, code)
}

async fn exchange(server: &TestServer, example: &str, client: &RelyingParty, code: &str) -> Answer {
    let [id, secret] = credentials(client);
    let pkce = Pkce::new();
    curl(server, example, &[("AUTH_CODE", code), id, secret, ("CODE_VERIFIER", &pkce.verifier)]).await
}

#[tokio::test]
async fn example_authorization_request() {
    let server = configured(&[]).await;
    server.user("ada").await;
    let client = your_client(&server).await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&authorization_request(&client, &Pkce::new())).await.page();
    let consent = browser.sign_in(&login, "ada").await.page();
    let text = consent.text("body").to_lowercase();
    assert!(text.contains("read your data") && text.contains("profile"), "{text}");
    let url = browser.allow(&consent).await.client();
    assert!(url.as_str().starts_with(&format!("{CALLBACK}?")), "{url}");
    let callback = Callback::from_url(&url);
    assert_eq!(callback.get("state"), Some("csrf-token"));
    assert_eq!(callback.get("iss"), Some(server.issuer.as_str()));
    assert_eq!(callback.get("error"), None);
    assert!(!callback.code().is_empty());
}

#[tokio::test]
async fn exchange_the_returned_code() {
    let (server, client, code) = with_code().await;
    let tokens = exchange(&server, EXCHANGE, &client, &code).await.tokens();
    assert_eq!(tokens.0["scope"], "openid profile read");
    let claims = tokens.claims("id_token");
    assert_eq!((&claims["iss"], &claims["aud"]), (&server.issuer.clone().into(), &"web".into()));
    assert_eq!(tokens.claims("access_token")["client_id"], "web");
    assert!(tokens.0.get("refresh_token").is_none(), "the refresh token grant is off by default");
    assert_eq!(client.userinfo(tokens.text("access_token")).await.status(), 200);
    let again = exchange(&server, EXCHANGE, &client, &code).await;
    assert_eq!(again.error(400), "invalid_grant");
}

#[tokio::test]
async fn required_query_parameters() {
    let server = configured(&[]).await;
    server.user("ada").await;
    let client = your_client(&server).await;
    let browser = signed_in(&server, "ada").await;
    let whole = Url::parse(&authorization_request(&client, &Pkce::new())).unwrap();
    let without = |name: &str| {
        let mut url = whole.clone();
        let rest = whole.query_pairs().filter(|(key, _)| key != name);
        url.query_pairs_mut().clear().extend_pairs(rest).finish();
        url.to_string()
    };
    for name in ["client_id", "redirect_uri"] {
        assert_error_page(&browser.open(&without(name)).await.page(), "invalid_request");
    }
    for name in ["response_type", "code_challenge", "code_challenge_method"] {
        let callback = Callback::from_url(&browser.open(&without(name)).await.client());
        assert_eq!(callback.get("error"), Some("invalid_request"), "{name}");
        assert_eq!(callback.get("state"), Some("csrf-token"), "{name}");
        assert_eq!(callback.get("code"), None, "{name}");
    }
    // The `state` is only recommended.
    let callback = Callback::from_url(&browser.sign_in_and_consent(&without("state"), "ada").await);
    assert_eq!(callback.get("state"), None);
    assert!(!callback.code().is_empty());
}

#[tokio::test]
async fn note_redirect_uri_is_optional_at_the_exchange() {
    let (server, client, code) = with_code().await;
    let without = EXCHANGE.replace("-d \"redirect_uri=http://localhost:3000/callback\" \\\n", "");
    assert_ne!(without, EXCHANGE);
    exchange(&server, &without, &client, &code).await.tokens();
}

#[tokio::test]
async fn note_redirect_uri_must_exactly_match_if_you_send_it() {
    let (server, client, code) = with_code().await;
    for other in [
        "http://localhost:3000/callback/",
        "http://localhost:3001/callback",
        "http://LOCALHOST:3000/callback",
    ] {
        let changed = EXCHANGE.replace("http://localhost:3000/callback", other);
        assert_eq!(exchange(&server, &changed, &client, &code).await.error(400), "invalid_grant", "{other}");
    }
    // None of these attempts has spent the code.
    exchange(&server, EXCHANGE, &client, &code).await.tokens();
}
