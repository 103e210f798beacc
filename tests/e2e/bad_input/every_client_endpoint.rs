//! Requests that every endpoint with client authentication refuses (RFC 6749 §2.3, §3.2, §5.2).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tests::support::{RelyingParty, TestServer};

use super::{FORM, refused};

#[tokio::test]
async fn a_request_that_cannot_be_read_gets_a_clear_error() {
    let server = TestServer::start().await;
    let service = RelyingParty::service(&server, "service").await;
    let secret = service.secret.clone().unwrap();
    let good = format!("grant_type=client_credentials&client_id=service&client_secret={secret}");
    let oversized = format!("{good}&padding={}", "x".repeat(70_000));
    for (content_type, body, status) in [
        (Some(FORM), format!("{good}&scope=read&scope=read"), 400),
        (Some(FORM), format!("{good}&grant_type=client_credentials"), 400),
        (Some(FORM), format!("{good}&scope=%ff%fe"), 400),
        (Some(FORM), oversized, 413),
        (None, good.clone(), 400),
        (Some("application/json"), "{}".to_owned(), 400),
        (Some("text/plain"), good.clone(), 400),
        (Some(FORM), format!("client_id=service&client_secret={secret}"), 400),
    ] {
        for path in ["/oauth/token", "/oauth/introspect", "/oauth/revoke", "/oauth/par"] {
            let mut request = service.http().post(server.url(path)).body(body.clone());
            if let Some(content_type) = content_type {
                request = request.header("content-type", content_type);
            }
            let answer = request.send().await.unwrap();
            let why = format!("{path} {content_type:?} {}", body.get(..40).unwrap_or(&body));
            refused(answer, (status, "invalid_request"), &why).await;
        }
    }
    // The valid request still works.
    let request = service.http().post(server.url("/oauth/token")).header("content-type", FORM).body(good);
    assert_eq!(request.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn client_authentication_fails_the_same_way_for_every_reason() {
    let server = TestServer::start().await;
    let service = RelyingParty::service(&server, "service").await;
    RelyingParty::public(&server, "app").await;
    let secret = service.secret.clone().unwrap();
    let mut descriptions = Vec::new();
    for (header, form) in [
        (None, "client_id=service".to_owned()),
        (None, "client_id=service&client_secret=wrong".to_owned()),
        (None, format!("client_id=nobody&client_secret={secret}")),
        (None, "client_id=app&client_secret=x".to_owned()),
        (None, String::new()),
        (Some(format!("Basic {}", STANDARD.encode("service:wrong"))), String::new()),
        (Some(format!("Basic {}", STANDARD.encode("nobody:wrong"))), String::new()),
        (Some("Basic not-base64!".to_owned()), String::new()),
        (Some("Bearer x".to_owned()), String::new()),
        (None, "client_id=service&client_assertion=a.b.c".to_owned()),
    ] {
        for path in [
            "/oauth/token",
            "/oauth/introspect",
            "/oauth/revoke",
            "/oauth/par",
            "/oauth/device_authorization",
        ] {
            let form = format!("grant_type=client_credentials&token=x&{form}");
            let mut request = service.http().post(server.url(path)).header("content-type", FORM).body(form);
            if let Some(header) = &header {
                request = request.header("authorization", header);
            }
            let answer = request.send().await.unwrap();
            let why = format!("{path} {header:?}");
            descriptions.push(refused(answer, (401, "invalid_client"), &why).await);
        }
    }
    descriptions.dedup();
    assert_eq!(descriptions.len(), 1, "the description tells no reason: {descriptions:?}");
}

#[tokio::test]
async fn a_client_authenticates_in_one_way_at_a_time() {
    let server = TestServer::start().await;
    let service = RelyingParty::service(&server, "service").await;
    let secret = service.secret.clone().unwrap();
    let grant = ("grant_type", "client_credentials");
    let both = service.token(&[grant, ("client_secret", &secret)]).await;
    refused(both, (400, "invalid_request"), "two methods").await;
    let other = service.token(&[grant, ("client_id", "other")]).await;
    refused(other, (400, "invalid_request"), "two ids").await;
    assert_eq!(service.token(&[grant, ("client_id", "service")]).await.status(), 200);
}

#[tokio::test]
async fn a_grant_that_is_unknown_or_not_registered_is_named_as_such() {
    let server = TestServer::with(|settings| settings.refresh_token_grant = false).await;
    let service = RelyingParty::service(&server, "service").await;
    for (grant, code) in [
        ("password", "unsupported_grant_type"),
        ("refresh_token", "unsupported_grant_type"),
        ("urn:ietf:params:oauth:grant-type:device_code", "unauthorized_client"),
        ("nonsense", "unsupported_grant_type"),
        ("authorization_code", "unauthorized_client"),
    ] {
        let answer = service.token(&[("grant_type", grant), ("code", "x"), ("refresh_token", "x")]).await;
        refused(answer, (400, code), grant).await;
    }
}

#[tokio::test]
async fn nothing_is_at_other_addresses_and_other_methods_are_named() {
    let server = TestServer::start().await;
    let service = RelyingParty::service(&server, "service").await;
    let nothing = service.http().get(server.url("/nothing")).send().await.unwrap();
    assert_eq!(nothing.status(), 404);
    let get = service.http().get(server.url("/oauth/token")).send().await.unwrap();
    assert!(get.headers().contains_key("allow"));
    refused(get, (405, "invalid_request"), "GET").await;
}

#[tokio::test]
async fn an_error_leads_to_a_page_that_explains_its_reference() {
    let server = TestServer::start().await;
    let service = RelyingParty::service(&server, "service").await;
    let answer = service.token(&[("grant_type", "nonsense")]).await;
    let body: Value = answer.json().await.unwrap();
    let page = service.http().get(body["error_uri"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let reference = body["error_uri"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    assert!(page.text().await.unwrap().contains(&reference));
    let evil = service.http().get(server.url("/errors/%3Cscript%3E")).send().await.unwrap();
    assert_eq!(evil.status(), 404);
}
