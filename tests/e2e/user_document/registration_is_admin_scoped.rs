//! "Registration is admin-scoped".

use domain::Actor;
use reqwest::header::ORIGIN;
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use tests::support::{RelyingParty, TestServer};

use super::{configured, own_token, signed_in, your_client, your_client_with};

const ROUTE: &str = "/admin/clients/register";

/// A registration that only this route takes: it names the client's id.
fn registration() -> Value {
    json!({"client_id": "registered", "grant_types": ["client_credentials"], "scope": "read"})
}

/// The request of somebody with this session, from a page of ours.
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

/// What was registered is a client.
async fn works(server: &TestServer, answer: Response) {
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
    server.people.update(root.id, promote, Actor::CommandLine).await.unwrap();
    let answer = register(with_session(&server, "root").await).await;
    works(&server, answer).await;
}

#[tokio::test]
async fn so_does_a_client_that_an_operator_marked_as_administrative() {
    let server = configured(&[]).await;
    let tool = your_client_with(&server, |client| client.administrative = true).await;
    let answer = register(with_token(&server, &own_token(&tool).await)).await;
    works(&server, answer).await;
}

#[tokio::test]
async fn it_is_not_an_anonymous_public_endpoint() {
    // Not even where clients may register themselves at the other one.
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
