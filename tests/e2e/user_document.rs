//! The integrators' documentation, followed literally: its examples in a real shell with a real
//! `curl`, its tables row by row, its check-list. The tests only fill in ids, secrets, tokens, the
//! port, and the parts that the document leaves out (`...`).

mod authorization_code;
mod checklist;
mod client_credentials;
mod device_authorization;
mod discovery;
mod dynamic_registration;
mod endpoint_map;
mod introspection_and_revocation;
mod opaque_access_tokens;
mod pushed_requests;
mod registration_is_admin_scoped;
mod shell;
mod what_is_supported;

use domain::GrantType;
use reqwest::header::HeaderMap;
use serde_json::Value;
use tests::support::{Browser, Page, Pkce, RelyingParty, TestServer, Tokens};

use shell::curl;

/// The redirect URI of the document.
const CALLBACK: &str = "http://localhost:3000/callback";

/// "Example authorization request".
const AUTHORIZATION_REQUEST: &str = "http://localhost:8080/oauth/authorize?response_type=code&client_id=YOUR_CLIENT_ID&redirect_uri=http://localhost:3000/callback&scope=openid%20profile%20read&state=csrf-token&code_challenge=CODE_CHALLENGE&code_challenge_method=S256";

/// The output of `curl`.
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    /// The JSON body of a response with this status.
    fn json(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.headers["content-type"], "application/json");
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The members of a successful token response (RFC 6749 §5.1).
    fn tokens(&self) -> Tokens {
        assert_eq!(self.headers["cache-control"], "no-store");
        let tokens = Tokens(self.json(200));
        assert_eq!(tokens.0["token_type"], "Bearer");
        assert_eq!(tokens.0["expires_in"], 3600);
        tokens
    }

    /// The `error` of an error response with this status.
    fn error(&self, status: u16) -> String {
        self.json(status)["error"].as_str().unwrap().to_owned()
    }
}

/// A server that is configured by these environment variables only.
async fn configured(variables: &[(&str, &str)]) -> TestServer {
    TestServer::configured(variables).await
}

/// The reader's client: confidential, with the document's redirect URI and scopes.
async fn your_client(server: &TestServer) -> RelyingParty {
    your_client_with(server, |_| {}).await
}

async fn your_client_with(server: &TestServer, change: impl FnOnce(&mut domain::Client)) -> RelyingParty {
    RelyingParty::register(server, "web", |client| {
        client.redirect_uris = vec![CALLBACK.parse().unwrap()];
        client.scope = "openid profile read".parse().unwrap();
        client.grant_types = [GrantType::AuthorizationCode, GrantType::ClientCredentials].into();
        change(client);
    })
    .await
}

/// The placeholders for a client's id and secret.
fn credentials(client: &RelyingParty) -> [(&'static str, &str); 2] {
    [("YOUR_CLIENT_ID", &client.id), ("YOUR_CLIENT_SECRET", client.secret.as_deref().unwrap())]
}

/// The placeholders for a client's id and secret, and for a token.
fn credentials_and<'a>(client: &'a RelyingParty, token: &'a str) -> [(&'static str, &'a str); 3] {
    let [id, secret] = credentials(client);
    [id, secret, ("ACCESS_TOKEN", token)]
}

/// The "Example authorization request" of this client, with this challenge.
fn authorization_request(client: &RelyingParty, pkce: &Pkce) -> String {
    let url = AUTHORIZATION_REQUEST.replace("YOUR_CLIENT_ID", &client.id);
    let url = url.replace("CODE_CHALLENGE", &pkce.challenge);
    url.replacen("http://localhost:8080", &client.issuer, 1)
}

/// An access token that the client got with the client credentials grant.
async fn own_token(client: &RelyingParty) -> String {
    let form = [("grant_type", "client_credentials"), ("scope", "read")];
    RelyingParty::successful(client.token(&form).await).await.text("access_token").to_owned()
}

/// A browser in which a user is signed in.
async fn signed_in(server: &TestServer, username: &str) -> Browser {
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    browser.sign_in(&login, username).await;
    browser
}

/// The metadata of the server.
async fn metadata(server: &TestServer) -> Value {
    reqwest::get(server.url("/.well-known/openid-configuration")).await.unwrap().json().await.unwrap()
}

/// Asserts that the page shows this error (RFC 6749 §4.1.2.1: no redirect).
fn assert_error_page(page: &Page, code: &str) {
    assert_eq!(page.status, 400, "{}", page.html);
    assert!(page.text("#error-code").contains(code), "{}", page.text("#error-code"));
}
