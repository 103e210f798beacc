//! Invalid requests, capability by capability. Each table also sends the valid request, so that the
//! fault in a row is the only reason for its refusal.

mod authorize;
mod device;
mod every_client_endpoint;
mod introspect;
mod logout;
mod pushed_requests;
mod registration;
mod repeated;
mod request_object;
mod revoke;
mod token_authorization_code;
mod token_client_credentials;
mod token_password;
mod token_refresh_token;
mod userinfo;

use reqwest::Response;
use reqwest::header::AUTHORIZATION;
use serde_json::Value;
use tests::support::{RelyingParty, TestServer};

const FORM: &str = "application/x-www-form-urlencoded";

/// The parameters of a request.
type Fields<'a> = Vec<(&'a str, &'a str)>;

/// An endpoint that authenticates clients, and a valid form for it.
struct Endpoint<'a> {
    server: &'a TestServer,
    path: &'static str,
    client: &'a RelyingParty,
}

impl Endpoint<'_> {
    /// Refuses every wrong caller, with any other content of the request.
    async fn refuses_every_wrong_caller(&self, honest: &[(&str, &str)]) {
        let (id, secret) = (self.client.id.as_str(), self.client.secret.as_deref().unwrap());
        let with = |more: &[(&'static str, &str)]| {
            let more = more.iter().map(|(name, value)| (*name, (*value).to_owned()));
            let honest = honest.iter().map(|(name, value)| (*name, (*value).to_owned()));
            self.client.http().post(self.server.url(self.path)).form(&honest.chain(more).collect::<Vec<_>>())
        };
        let unknown = (401, "invalid_client");
        let confused = (400, "invalid_request");
        for (why, request, expected) in [
            ("an unknown client", with(&[]).basic_auth("nobody", Some(secret)), unknown),
            (
                "an unknown client in the form",
                with(&[("client_id", "nobody"), ("client_secret", secret)]),
                unknown,
            ),
            ("a wrong secret", with(&[]).basic_auth(id, Some("wrong")), unknown),
            ("a wrong secret in the form", with(&[("client_id", id), ("client_secret", "wrong")]), unknown),
            ("an empty secret", with(&[]).basic_auth(id, Some("")), unknown),
            ("no secret", with(&[("client_id", id)]), unknown),
            (
                "an oversized secret",
                with(&[("client_id", id), ("client_secret", &"x".repeat(40_000))]),
                unknown,
            ),
            ("an oversized id", with(&[]).basic_auth("x".repeat(8_000), Some(secret)), unknown),
            ("no Basic at all", with(&[]).header(AUTHORIZATION, "Basic"), unknown),
            ("Basic without a colon", with(&[]).header(AUTHORIZATION, "Basic d2Vi"), unknown),
            ("another scheme", with(&[]).header(AUTHORIZATION, format!("Bearer {secret}")), unknown),
            ("a secret without an id", with(&[("client_secret", secret)]), confused),
            ("two methods", with(&[("client_secret", secret)]).basic_auth(id, Some(secret)), confused),
            ("two ids", with(&[("client_id", "other")]).basic_auth(id, Some(secret)), confused),
            (
                "two headers",
                with(&[]).basic_auth(id, Some(secret)).header(AUTHORIZATION, "Basic bm9ib2R5Og=="),
                confused,
            ),
            (
                "an assertion and a secret",
                with(&[
                    ("client_assertion", "a.b.c"),
                    ("client_assertion_type", tests::support::ASSERTION_TYPE),
                    ("client_secret", secret),
                    ("client_id", id),
                ]),
                confused,
            ),
        ] {
            refused(request.send().await.unwrap(), expected, &format!("{}: {why}", self.path)).await;
        }
    }

    /// Each parameter of the valid request sent twice, even with the same value (RFC 6749 §3.2).
    async fn refuses_every_duplicate(&self, honest: &[(&str, &str)]) {
        for repeated in honest {
            let fields = [honest, &[*repeated]].concat();
            let why = format!("{}: {} twice", self.path, repeated.0);
            let answer = self.client.post(self.path, &fields).await;
            refused(answer, (400, "invalid_request"), &why).await;
        }
    }

    /// Sends each row with the client's valid credentials.
    async fn refuses(&self, rows: &[(&str, Fields<'_>, (u16, &str))]) {
        for (why, fields, expected) in rows {
            let answer = self.client.post(self.path, fields).await;
            refused(answer, *expected, &format!("{}: {why}", self.path)).await;
        }
    }
}

/// Checks every visible part of a refusal (RFC 6749 §5.2). Returns its description.
async fn refused(answer: Response, (status, error): (u16, &str), why: &str) -> String {
    let headers = answer.headers().clone();
    let found = answer.status();
    let body = answer.text().await.unwrap();
    assert_eq!(found, status, "{why}: {body}");
    assert_eq!(headers["cache-control"], "no-store", "{why}");
    assert_eq!(headers["content-type"], "application/json", "{why}");
    let challenge = headers.get("www-authenticate").map(|value| value.to_str().unwrap());
    match (status, error) {
        (401, "invalid_client") => assert!(challenge.unwrap().starts_with("Basic realm=\""), "{why}"),
        (401, "invalid_request") => {
            // No token was sent: the challenge names no error (RFC 6750 §3.1).
            let challenge = challenge.unwrap();
            assert!(
                challenge.starts_with("Bearer realm=\"") && !challenge.contains("error"),
                "{why}: {challenge}"
            );
        }
        (401, "invalid_token") => assert!(challenge.unwrap().starts_with("Bearer realm=\""), "{why}"),
        (403, "insufficient_scope") => {
            assert!(challenge.unwrap().contains("error=\"insufficient_scope\""), "{why}: {challenge:?}");
        }
        _ => assert!(challenge.is_none() || challenge.unwrap().contains(error), "{why}: {challenge:?}"),
    }
    let body: Value = serde_json::from_str(&body).unwrap_or_else(|_| panic!("{why}: {body}"));
    let members: Vec<_> = body.as_object().unwrap().keys().collect();
    assert_eq!(members, ["error", "error_description", "error_uri"], "{why}: {body}");
    assert_eq!(body["error"], error, "{why}: {body}");
    let reference = headers["error-reference"].to_str().unwrap();
    assert!(body["error_uri"].as_str().unwrap().ends_with(&format!("/errors/{reference}")), "{why}");
    body["error_description"].as_str().unwrap().to_owned()
}

/// The fields with one added or replaced.
fn with<'a>(honest: &[(&'a str, &'a str)], name: &'a str, value: &'a str) -> Fields<'a> {
    let mut fields: Fields<'_> = honest.iter().filter(|(known, _)| *known != name).copied().collect();
    fields.push((name, value));
    fields
}

/// The fields without one.
fn without<'a>(honest: &[(&'a str, &'a str)], name: &str) -> Fields<'a> {
    honest.iter().filter(|(known, _)| *known != name).copied().collect()
}

/// The token with another last character, so that its checksum is wrong.
fn damaged(token: &str) -> String {
    let (kept, last) = token.split_at(token.len() - 1);
    format!("{kept}{}", if last == "A" { "B" } else { "A" })
}
