//! RFC 9700, the best current practice for OAuth 2.0 security: one test for every MUST that
//! concerns an authorization server, named after its section, with the default settings.
//! Requirements for clients and proxies only are not here.

mod codes;
mod pages;
mod redirects;
mod refresh_tokens;
mod tokens;

use reqwest::Response;
use serde_json::Value;
use tests::support::{Browser, Callback, RelyingParty, TestServer};

/// A server with the default settings, a user, a confidential client, and a browser that is not
/// signed in.
async fn server() -> (TestServer, RelyingParty, Browser) {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    (server, web, browser)
}

/// The `error` of an error response.
async fn error(answer: Response) -> String {
    let body: Value = answer.json().await.unwrap();
    body["error"].as_str().unwrap_or_else(|| panic!("no error, but {body}")).to_owned()
}

/// Opens an authorization URL that needs no page. Returns the response parameters.
async fn answered(browser: &Browser, url: &str) -> Callback {
    Callback::from_url(&browser.open(url).await.client())
}

/// The metadata of the server (RFC 8414).
async fn metadata(server: &TestServer) -> Value {
    let url = server.url("/.well-known/oauth-authorization-server");
    reqwest::get(url).await.unwrap().json().await.unwrap()
}
