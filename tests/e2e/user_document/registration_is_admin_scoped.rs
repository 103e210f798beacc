//! "Registration is admin-scoped".

use domain::Actor;
use reqwest::header::ORIGIN;
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use tests::support::{RelyingParty, TestServer};

use super::{configured, own_token, signed_in, your_client, your_client_with};

const ROUTE: &str = "/admin/clients/register";

/// A registration that only this route accepts: it contains the client's id.
fn registration() -> Value {
    json!({"client_id": "registered", "grant_types": ["client_credentials"], "scope": "read"})
}

/// A request with this user's session, as sent from a page of the server.
async fn with_session(server: &TestServer, username: &str) -> RequestBuilder {
    let browser = signed_in(server, username).await;
    browser.http().post(server.url(ROUTE)).header(ORIGIN, &server.issuer)
}

fn with_token(server: &TestServer, token: &str) -> RequestBuilder {
    reqwest::Client::builder().no_proxy().build().unwrap().post(server.url(ROUTE)).bearer_auth(token)
}

async fn register(request: RequestBuilder) -> Response {
    request.json(&registration()).send().await.unwrap()
}

/// Asserts that the registered client assert_client_works.
async fn assert_client_works(server: &TestServer, answer: Response) {
    let status = answer.status();
    let registered: Value = answer.json().await.unwrap();
    assert_eq!(status, 201, "{registered}");
    assert_eq!(registered["client_id"], "registered");
    let secret = registered["client_secret"].as_str().map(str::to_owned);
    own_token(&RelyingParty::registered(&server.issuer, "registered", secret, "")).await;
}

#[tokio::test]
async fn an_admin_session_registers_a_client() {
    let server = configured(&[]).await;
    let root = server.user("root").await;
    let promote = |user: &mut domain::User| {
        user.administrator = true;
        Ok(())
    };
    server.users.update(root.id, promote, Actor::CommandLine).await.unwrap();
    let answer = register(with_session(&server, "root").await).await;
    assert_client_works(&server, answer).await;
}

#[tokio::test]
async fn so_does_a_client_that_an_operator_marked_as_administrative() {
    let server = configured(&[]).await;
    let tool = your_client_with(&server, |client| client.administrative = true).await;
    let answer = register(with_token(&server, &own_token(&tool).await)).await;
    assert_client_works(&server, answer).await;
}

#[tokio::test]
async fn it_is_not_an_anonymous_public_endpoint() {
    // Not even if clients may register themselves at the other endpoint.
    let server = configured(&[("OAUTH2_DYNAMIC_REGISTRATION", "open")]).await;
    server.user("ada").await;
    let client = your_client(&server).await;
    let anonymous = reqwest::Client::builder().no_proxy().build().unwrap().post(server.url(ROUTE));
    for (who, request, status) in [
        ("nobody", anonymous, 401),
        ("an ordinary user", with_session(&server, "ada").await, 403),
        ("an ordinary client", with_token(&server, &own_token(&client).await), 403),
    ] {
        assert_eq!(register(request).await.status(), status, "{who}");
    }
    let id = "registered".parse().unwrap();
    assert!(server.ports.clients.find(&id).await.unwrap().is_none());
}
