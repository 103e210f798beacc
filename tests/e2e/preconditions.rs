//! A change only of what the caller has read: `ETag`, `If-Match`, `If-None-Match` (RFC 9110 §13).

use application::settings::RegistrationMode;
use domain::GrantType;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tests::support::{Browser, RelyingParty, TestServer};

/// A caller of the administrative API.
struct Operator {
    http: Client,
    server: TestServer,
    token: String,
}

impl Operator {
    async fn new() -> Self {
        let server = TestServer::start().await;
        let tool = RelyingParty::register(&server, "tool", |client| {
            client.grant_types.insert(GrantType::ClientCredentials);
            client.administrative = true;
        })
        .await;
        let tokens = tool.token(&[("grant_type", "client_credentials")]).await;
        let token = RelyingParty::successful(tokens).await.text("access_token").to_owned();
        Self { http: Client::new(), server, token }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, self.server.url(path)).bearer_auth(&self.token)
    }

    async fn tag(&self, path: &str) -> String {
        tag(&self.request(Method::GET, path).send().await.unwrap())
    }
}

fn tag(answer: &Response) -> String {
    answer.headers()["etag"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_operator_changes_only_what_the_operator_has_read() {
    let operator = Operator::new().await;
    RelyingParty::confidential(&operator.server, "web").await;
    let ada = operator.server.user("ada").await;
    for (path, change) in [
        ("/admin/api/clients/web".to_owned(), json!({"client_name": "Renamed"})),
        (format!("/admin/api/users/{}", ada.id), json!({"name": "Renamed"})),
    ] {
        let patch = |name: &'static str, tag: &str| {
            operator.request(Method::PATCH, &path).header(name, tag).json(&change)
        };
        let read = operator.tag(&path).await;
        for (name, wrong) in [
            ("if-match", "\"other\""),
            ("if-match", &format!("W/{read}")),
            ("if-none-match", "*"),
            ("if-none-match", &read),
        ] {
            let refused = patch(name, wrong).send().await.unwrap();
            assert_eq!(refused.status(), 412, "{path}: {name}: {wrong}");
            assert_eq!(refused.json::<Value>().await.unwrap()["error"], "invalid_request");
        }
        assert_eq!(operator.tag(&path).await, read, "{path}: a refused change changed something");
        let changed = patch("if-match", &read).send().await.unwrap();
        assert_eq!(changed.status(), 200, "{path}");
        let after = tag(&changed);
        assert_ne!(after, read, "{path}");
        assert_eq!(operator.tag(&path).await, after, "{path}");
        assert_eq!(patch("if-match", &read).send().await.unwrap().status(), 412, "{path}");

        let delete = |tag: &str| operator.request(Method::DELETE, &path).header("if-match", tag).send();
        assert_eq!(delete(&read).await.unwrap().status(), 412, "{path}");
        assert_eq!(delete(&format!("\"other\", {after}")).await.unwrap().status(), 204, "{path}");
        assert_eq!(delete("*").await.unwrap().status(), 412, "{path}: it does not exist");
        assert_eq!(delete(&after).await.unwrap().status(), 412, "{path}: it does not exist");
        let plain = operator.request(Method::DELETE, &path).send().await.unwrap();
        assert_eq!(plain.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn of_two_operators_who_have_read_the_same_one_changes_it() {
    let operator = Operator::new().await;
    let ada = operator.server.user("ada").await;
    RelyingParty::confidential(&operator.server, "web").await;
    let user = format!("/admin/api/users/{}", ada.id);
    for round in 0..10 {
        for (path, member) in [("/admin/api/clients/web", "client_name"), (user.as_str(), "name")] {
            let read = operator.tag(path).await;
            let change = |who: &str| {
                let change = json!({member: format!("{who} {round}")});
                operator.request(Method::PATCH, path).header("if-match", &read).json(&change).send()
            };
            let (one, other) = tokio::join!(change("one"), change("other"));
            let mut statuses = [one.unwrap().status().as_u16(), other.unwrap().status().as_u16()];
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 412], "{path}");
        }
    }
}

#[tokio::test]
async fn what_the_caller_knows_is_not_sent_again() {
    let operator = Operator::new().await;
    for path in ["/admin/api/clients/tool", "/.well-known/openid-configuration", "/.well-known/jwks.json"] {
        let read = operator.tag(path).await;
        for (name, tag, status) in [
            ("if-none-match", read.as_str(), 304),
            ("if-none-match", &format!("\"other\", W/{read}"), 304),
            ("if-none-match", "\"other\"", 200),
            ("if-match", &read, 200),
            ("if-match", "*", 200),
            ("if-match", "\"other\"", 412),
        ] {
            let answer = operator.request(Method::GET, path).header(name, tag).send().await.unwrap();
            assert_eq!(answer.status(), status, "{path}: {name}: {tag}");
        }
    }
}

#[tokio::test]
async fn an_operator_ends_only_the_session_and_the_consent_that_the_operator_has_read() {
    let operator = Operator::new().await;
    let ada = operator.server.user("ada").await;
    let web = RelyingParty::confidential(&operator.server, "web").await;
    let browser = Browser::new(&operator.server.issuer);
    web.tokens(&browser, "ada", &[]).await;
    let sessions = operator.server.ports.sessions.list(ada.id, None, 1, operator.server.now()).await.unwrap();
    let session = format!("/admin/api/users/{}/sessions/{}", ada.id, sessions[0].id);
    let consent = format!("/admin/api/users/{}/consents/web", ada.id);
    let before = (operator.tag(&session).await, operator.tag(&consent).await);
    // Another grant changes what is live, and another login the session.
    operator.server.clock.advance(chrono::Duration::seconds(5));
    web.tokens(&browser, "ada", &[("prompt", "login")]).await;
    for (path, before) in [(consent, before.1), (session, before.0)] {
        let after = operator.tag(&path).await;
        assert_ne!(before, after, "{path}");
        let delete =
            |name: &'static str, tag: &str| operator.request(Method::DELETE, &path).header(name, tag).send();
        for (name, wrong) in [
            ("if-match", "\"other\""),
            ("if-match", &before),
            ("if-match", &format!("W/{after}")),
            ("if-none-match", "*"),
            ("if-none-match", &after),
        ] {
            let refused = delete(name, wrong).await.unwrap();
            assert_eq!(refused.status(), 412, "{path}: {name}: {wrong}");
            assert_eq!(refused.json::<Value>().await.unwrap()["error"], "invalid_request");
        }
        assert_eq!(operator.tag(&path).await, after, "{path}: a refused change changed something");
        assert_eq!(delete("if-match", &after).await.unwrap().status(), 204, "{path}");
        for gone in ["*", &after] {
            assert_eq!(delete("if-match", gone).await.unwrap().status(), 412, "{path}: it does not exist");
        }
        assert_eq!(operator.request(Method::GET, &path).send().await.unwrap().status(), 404, "{path}");
    }
}

#[tokio::test]
async fn what_does_not_exist_meets_no_if_match() {
    let operator = Operator::new().await;
    let user = "/admin/api/users/00000000-0000-4000-8000-000000000000";
    let client = "/admin/api/clients/nothing";
    let web = json!({"redirect_uris": ["https://client.example/callback"]});
    for (method, path, body) in [
        (Method::PUT, client.to_owned(), Some(&web)),
        (Method::PATCH, client.to_owned(), Some(&web)),
        (Method::DELETE, client.to_owned(), None),
        (Method::POST, format!("{client}/disable"), None),
        (Method::POST, format!("{client}/rotate-secret"), None),
        (Method::POST, format!("{client}/rotate-registration-token"), None),
        (Method::POST, format!("{client}/revoke-registration-token"), None),
        (Method::PATCH, user.to_owned(), Some(&json!({"name": "Ada"}))),
        (Method::DELETE, user.to_owned(), None),
        (Method::DELETE, format!("{user}/sessions"), None),
        (Method::DELETE, format!("{user}/sessions/00000000-0000-4000-8000-000000000000"), None),
        (Method::DELETE, format!("{user}/consents/tool"), None),
    ] {
        for (tag, status) in [(Some("*"), 412), (Some("\"any\""), 412), (None, 404)] {
            let mut request = operator.request(method.clone(), &path);
            if let Some(tag) = tag {
                request = request.header("if-match", tag);
            }
            if let Some(body) = body {
                request = request.json(body);
            }
            assert_eq!(request.send().await.unwrap().status(), status, "{method} {path}: {tag:?}");
        }
    }
}

#[tokio::test]
async fn a_tag_of_what_has_none_stops_the_change() {
    let operator = Operator::new().await;
    RelyingParty::confidential(&operator.server, "web").await;
    let disable = |tag: &str| {
        operator.request(Method::POST, "/admin/api/clients/web/disable").header("if-match", tag).send()
    };
    assert_eq!(disable("\"other\"").await.unwrap().status(), 412);
    let shown: Value =
        operator.request(Method::GET, "/admin/api/clients/web").send().await.unwrap().json().await.unwrap();
    assert!(shown.get("disabled_at").is_none(), "{shown}");
    assert_eq!(disable("*").await.unwrap().status(), 200);
    // A caller without the right gets 401 or 403 before 412 (RFC 9110 §13.2.1).
    let stranger = operator.http.post(operator.server.url("/admin/api/clients/web/disable"));
    assert_eq!(stranger.header("if-match", "\"other\"").send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn a_client_changes_only_the_registration_that_it_has_read() {
    let server = TestServer::with(|settings| settings.registration.mode = RegistrationMode::Open).await;
    let http = Client::new();
    let metadata = json!({"redirect_uris": ["https://client.example/callback"]});
    let made = http.post(server.url("/connect/register")).json(&metadata).send().await.unwrap();
    let first = tag(&made);
    let made: Value = made.json().await.unwrap();
    let uri = made["registration_client_uri"].as_str().unwrap();
    let token = made["registration_access_token"].as_str().unwrap();
    let request = |method: Method| http.request(method, uri).bearer_auth(token);
    assert_eq!(tag(&request(Method::GET).send().await.unwrap()), first);
    let renamed = json!({"redirect_uris": ["https://client.example/callback"], "client_name": "Renamed"});
    let put = |tag: &str| request(Method::PUT).header("if-match", tag).json(&renamed).send();
    assert_eq!(put("\"other\"").await.unwrap().status(), 412);
    let changed = put(&first).await.unwrap();
    assert_eq!(changed.status(), 200);
    let second = tag(&changed);
    assert_ne!(first, second);
    let delete = |tag: &str| request(Method::DELETE).header("if-match", tag).send();
    assert_eq!(delete(&first).await.unwrap().status(), 412);
    assert_eq!(delete(&second).await.unwrap().status(), 204);
    assert_eq!(delete(&second).await.unwrap().status(), 401);
}
