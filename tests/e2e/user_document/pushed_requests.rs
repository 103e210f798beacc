//! "Pushed Authorization Requests (PAR — RFC 9126)".

use chrono::Duration;
use tests::support::{Browser, Callback, Pkce, RelyingParty, TestServer};

use super::{assert_error_page, configured, credentials, curl, your_client_with};

const CALLBACK: &str = "https://yourapp.example/callback";

pub(super) const PUSH: &str = r#"curl -X POST http://localhost:8080/oauth/par \
-u "YOUR_CLIENT_ID:YOUR_CLIENT_SECRET" \
-H "Content-Type: application/x-www-form-urlencoded" \
-d "response_type=code" \
-d "client_id=YOUR_CLIENT_ID" \
-d "redirect_uri=https://yourapp.example/callback" \
-d "scope=openid profile" \
-d "code_challenge=CODE_CHALLENGE" \
-d "code_challenge_method=S256""#;

/// The redirect, which the document only describes in words.
const REDIRECT: &str =
    "http://localhost:8080/oauth/authorize?client_id=YOUR_CLIENT_ID&request_uri=REQUEST_URI";

async fn client(server: &TestServer) -> RelyingParty {
    your_client_with(server, |client| client.redirect_uris = vec![CALLBACK.parse().unwrap()]).await
}

/// The `request_uri` of the example.
async fn push(server: &TestServer, client: &RelyingParty) -> String {
    let [id, secret] = credentials(client);
    let answer = curl(server, PUSH, &[id, secret, ("CODE_CHALLENGE", &Pkce::new().challenge)]).await;
    assert_eq!(answer.headers["cache-control"], "no-store");
    let pushed = answer.json(201);
    assert_eq!(pushed["expires_in"], 60, "valid for 60 seconds");
    pushed["request_uri"].as_str().unwrap().to_owned()
}

fn redirect(server: &TestServer, client: &RelyingParty, request_uri: &str) -> String {
    let url = REDIRECT.replace("http://localhost:8080", &server.issuer);
    url.replace("YOUR_CLIENT_ID", &client.id).replace("REQUEST_URI", request_uri)
}

#[tokio::test]
async fn push_the_request() {
    let server = configured(&[]).await;
    let client = client(&server).await;
    let request_uri = push(&server, &client).await;
    assert!(request_uri.starts_with("urn:ietf:params:oauth:request_uri:"), "{request_uri}");
    let [id, secret] = [("YOUR_CLIENT_ID", "web"), ("YOUR_CLIENT_SECRET", "wrong")];
    let wrong = curl(&server, PUSH, &[id, secret, ("CODE_CHALLENGE", &Pkce::new().challenge)]).await;
    assert_eq!(wrong.error(401), "invalid_client");
}

#[tokio::test]
async fn use_the_request_uri_in_the_authorization_redirect() {
    let server = configured(&[]).await;
    server.user("ada").await;
    let client = client(&server).await;
    let request_uri = push(&server, &client).await;
    server.clock.advance(Duration::seconds(59));
    let url = redirect(&server, &client, &request_uri);
    let arrived = Browser::new(&server.issuer).sign_in_and_consent(&url, "ada").await;
    assert!(arrived.as_str().starts_with(&format!("{CALLBACK}?")), "{arrived}");
    let tokens = client.redeemed(Callback::from_url(&arrived).code()).await;
    assert_eq!(tokens.0["scope"], "openid profile");
}

#[tokio::test]
async fn the_request_uri_is_valid_for_60_seconds() {
    let server = configured(&[]).await;
    let client = client(&server).await;
    let request_uri = push(&server, &client).await;
    server.clock.advance(Duration::seconds(60));
    let url = redirect(&server, &client, &request_uri);
    let page = Browser::new(&server.issuer).open(&url).await.page();
    assert_error_page(&page, "invalid_request_uri");
}

#[tokio::test]
async fn parameters_cannot_be_tampered_with_in_the_redirect() {
    let server = configured(&[]).await;
    server.user("ada").await;
    let client = client(&server).await;
    let url = redirect(&server, &client, &push(&server, &client).await);
    let tampered = format!("{url}&scope=read&redirect_uri=https://evil.example/&state=forged");
    let arrived = Browser::new(&server.issuer).sign_in_and_consent(&tampered, "ada").await;
    assert!(arrived.as_str().starts_with(&format!("{CALLBACK}?")), "{arrived}");
    assert_eq!(Callback::from_url(&arrived).get("state"), None);
    assert_eq!(client.redeemed(Callback::from_url(&arrived).code()).await.0["scope"], "openid profile");
}
