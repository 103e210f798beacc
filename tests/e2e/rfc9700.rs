//! RFC 9700, the best current practice for the security of OAuth 2.0: a test for every MUST that an authorization
//! server can keep, named after its section, on the default settings. What is for clients and proxies alone is not here.

mod codes;
mod pages;
mod redirects;
mod refresh_tokens;
mod tokens;

use reqwest::Response;
use serde_json::Value;
use tests::support::{Browser, Callback, RelyingParty, TestServer};

/// A server as it comes, with a user, a confidential client and a browser nobody has signed in with.
async fn server() -> (TestServer, RelyingParty, Browser) {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    (server, web, browser)
}

/// The error of an answer to a client.
async fn error(answer: Response) -> String {
    let body: Value = answer.json().await.unwrap();
    body["error"].as_str().unwrap_or_else(|| panic!("no error, but {body}")).to_owned()
}

/// What comes back to the client where no page is needed.
async fn answered(browser: &Browser, url: &str) -> Callback {
    Callback::of(&browser.open(url).await.client())
}

/// The metadata of the server (RFC 8414).
async fn metadata(server: &TestServer) -> Value {
    let url = server.url("/.well-known/oauth-authorization-server");
    reqwest::get(url).await.unwrap().json().await.unwrap()
}
