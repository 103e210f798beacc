//! The administrative API: its callers, its effects, and its events in the audit trail.

mod audit;
mod clients;
mod consents;
mod explain;
mod gate;
mod groups;
mod links;
mod matrix;
mod power;
mod sign_in_events;
mod users;

use application::port::EventFilter;
use reqwest::header::ORIGIN;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::Value;
use tests::support::{Browser, RelyingParty, TestServer};

/// A caller of the administrative API.
#[derive(Clone)]
enum Caller {
    Anonymous,
    /// With the session of this browser, as sent from a page of the server.
    Session(Browser),
    Token(String),
}

impl Caller {
    async fn signed_in(server: &TestServer, username: &str) -> Self {
        let browser = Browser::new(&server.issuer);
        let login = browser.open("/login").await.page();
        let home = browser.sign_in(&login, username).await.page();
        assert_eq!(home.status, 200);
        Self::Session(browser)
    }

    /// An administrator named `root` who is signed in.
    async fn administrator(server: &TestServer) -> Self {
        administrator(server, "root").await;
        Self::signed_in(server, "root").await
    }

    /// A client that an operator registered as administrative.
    async fn administrative_client(server: &TestServer) -> Self {
        Self::own_token(&marked(server, "tool").await).await
    }

    /// A client with a token from the client credentials grant.
    async fn own_token(client: &RelyingParty) -> Self {
        let tokens = client.token(&[("grant_type", "client_credentials"), ("scope", "read")]).await;
        Self::Token(RelyingParty::successful(tokens).await.text("access_token").to_owned())
    }

    fn request(&self, server: &TestServer, method: Method, path: &str) -> RequestBuilder {
        let url = server.url(path);
        match self {
            Self::Anonymous => plain().request(method, url),
            Self::Session(browser) => browser.http().request(method, url).header(ORIGIN, &server.issuer),
            Self::Token(token) => plain().request(method, url).bearer_auth(token),
        }
    }

    async fn send(&self, server: &TestServer, method: Method, path: &str, body: Option<&Value>) -> Response {
        let request = self.request(server, method, path);
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        request.send().await.unwrap()
    }

    /// The body of a response that must have this status.
    async fn answered(
        &self,
        server: &TestServer,
        request: (Method, &str),
        body: Option<&Value>,
        status: u16,
    ) -> Value {
        let (method, path) = request;
        let answer = self.send(server, method.clone(), path, body).await;
        let found = answer.status();
        assert_eq!(answer.headers()["cache-control"], "no-store", "{method} {path}");
        let text = answer.text().await.unwrap();
        assert_eq!(found, status, "{method} {path}: {text}");
        if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() }
    }

    async fn get(&self, server: &TestServer, path: &str) -> Value {
        self.answered(server, (Method::GET, path), None, 200).await
    }

    async fn post(&self, server: &TestServer, path: &str, body: &Value, status: u16) -> Value {
        self.answered(server, (Method::POST, path), Some(body), status).await
    }

    async fn patch(&self, server: &TestServer, path: &str, body: &Value, status: u16) -> Value {
        self.answered(server, (Method::PATCH, path), Some(body), status).await
    }

    async fn delete(&self, server: &TestServer, path: &str, status: u16) -> Value {
        self.answered(server, (Method::DELETE, path), None, status).await
    }
}

fn plain() -> Client {
    Client::builder().no_proxy().build().unwrap()
}

/// Creates an administrator who can sign in. Returns the `id`.
async fn administrator(server: &TestServer, username: &str) -> String {
    let user = server.user(username).await;
    let promote = |user: &mut domain::User| {
        user.administrator = true;
        Ok(())
    };
    server.users.update(user.id, promote, domain::Actor::CommandLine).await.unwrap();
    user.id.to_string()
}

/// A confidential client with every grant of a tool, registered as administrative and with the scope `administration`.
pub(super) async fn marked(server: &TestServer, id: &str) -> RelyingParty {
    RelyingParty::register(server, id, |client| {
        client.grant_types.insert(domain::GrantType::ClientCredentials);
        client.administrative = true;
        client.scope = "openid profile email offline_access read administration".parse().unwrap();
    })
    .await
}

/// The scope of a request for administrative power.
const ADMINISTRATION: (&str, &str) = ("scope", "openid administration");

/// Checks the shape of an error: its three members, and a reference that the header repeats.
pub(super) fn refusal(body: &Value, code: &str) {
    assert_eq!(body["error"], code, "{body}");
    let mut members: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
    members.sort_unstable();
    assert_eq!(members, ["error", "error_description", "error_uri"]);
    assert!(body["error_uri"].as_str().unwrap().contains("/errors/"), "{body}");
}

/// The actions and actors of the audit events after the first `before` ones, the earliest first.
async fn events_since(server: &TestServer, before: usize) -> Vec<domain::AuditEvent> {
    let all = server.ports.audit_trail.latest(&EventFilter::default(), None, 1000).await.unwrap();
    let mut events: Vec<_> = all.into_iter().rev().map(|kept| kept.event).collect();
    events.split_off(before)
}

async fn events(server: &TestServer) -> usize {
    server.ports.audit_trail.latest(&EventFilter::default(), None, 1000).await.unwrap().len()
}
