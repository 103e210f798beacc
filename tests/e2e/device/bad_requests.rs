//! Invalid requests of a device, and the errors (RFC 8628 §3.1, §3.5; RFC 6749 §5.2).

use domain::GrantType;
use domain::client::ClientAuthentication;
use tests::support::{RelyingParty, TestServer};

use super::{GRANT, begin, error, printer, television};

#[tokio::test]
async fn a_device_authorization_that_cannot_be_gets_a_clear_error() {
    let server = TestServer::start().await;
    let tv = television(&server, "tv").await;
    let device = printer(&server, "printer").await;
    let secret = device.secret.clone().unwrap();
    RelyingParty::confidential(&server, "web").await;
    RelyingParty::register(&server, "narrow", |client| {
        client.authentication = ClientAuthentication::None;
        client.grant_types = [GrantType::DeviceCode].into();
        client.scope = "openid read".parse().unwrap();
    })
    .await;
    RelyingParty::public(&server, "app").await;
    for (form, status, code) in [
        (String::new(), 401, "invalid_client"),
        ("scope=read".to_owned(), 401, "invalid_client"),
        ("client_id=nobody&scope=read".to_owned(), 401, "invalid_client"),
        ("client_id=printer&scope=read".to_owned(), 401, "invalid_client"),
        ("client_id=printer&client_secret=wrong&scope=read".to_owned(), 401, "invalid_client"),
        (format!("client_id=tv&client_secret={secret}&scope=read"), 401, "invalid_client"),
        ("client_id=app&scope=read".to_owned(), 400, "unauthorized_client"),
        ("client_id=tv&client_id=tv&scope=read".to_owned(), 400, "invalid_request"),
        ("client_id=tv&scope=read&scope=read".to_owned(), 400, "invalid_request"),
        ("client_id=tv&scope=%ff".to_owned(), 400, "invalid_request"),
        ("client_id=tv&scope=read+%22".to_owned(), 400, "invalid_scope"),
        ("client_id=tv&scope=admin".to_owned(), 400, "invalid_scope"),
        ("client_id=narrow&scope=read+write".to_owned(), 400, "invalid_scope"),
    ] {
        let request = tv.http().post(server.url("/oauth/device_authorization"));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = request.body(form.clone()).send().await.unwrap();
        assert_eq!(error(answer).await, (status, code.to_owned()), "{form}");
    }
    let good = "client_id=tv&scope=read";
    for (content_type, body, status) in [
        ("application/json", "{}".to_owned(), 400),
        ("text/plain", good.to_owned(), 400),
        ("application/x-www-form-urlencoded", format!("{good}&padding={}", "x".repeat(70_000)), 413),
    ] {
        let request = tv.http().post(server.url("/oauth/device_authorization"));
        let answer = request.header("content-type", content_type).body(body).send().await.unwrap();
        assert_eq!(error(answer).await, (status, "invalid_request".to_owned()), "{content_type}");
    }
    let get = tv.http().get(server.url("/oauth/device_authorization")).send().await.unwrap();
    assert_eq!(get.status(), 405);
    // Valid requests: a default scope, a secret in the form, an offline_access that cannot apply.
    for (form, client) in [
        ("client_id=tv".to_owned(), "tv"),
        (format!("client_id=printer&client_secret={secret}&scope=read"), "printer"),
        (format!("client_id=printer&client_secret={secret}&scope=read+offline_access"), "printer"),
    ] {
        let request = tv.http().post(server.url("/oauth/device_authorization"));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        assert_eq!(request.body(form).send().await.unwrap().status(), 200, "{client}");
    }
}

#[tokio::test]
async fn a_poll_that_cannot_be_gets_a_clear_error() {
    let server = TestServer::start().await;
    let tv = television(&server, "tv").await;
    let app = RelyingParty::public(&server, "app").await;
    let begun = begin(&tv, "read").await;
    let code = begun.text("device_code");
    for (device, fields, expected) in [
        (&tv, vec![("grant_type", GRANT)], "invalid_request"),
        (&tv, vec![("grant_type", GRANT), ("device_code", "")], "invalid_request"),
        (&tv, vec![("grant_type", GRANT), ("device_code", code), ("device_code", code)], "invalid_request"),
        (&tv, vec![("grant_type", GRANT), ("device_code", "nonsense")], "invalid_grant"),
        (&tv, vec![("grant_type", GRANT), ("device_code", begun.text("user_code"))], "invalid_grant"),
        (&tv, vec![("grant_type", "device_code"), ("device_code", code)], "unsupported_grant_type"),
        (&tv, vec![("grant_type", "authorization_code"), ("code", code)], "unauthorized_client"),
        (&app, vec![("grant_type", GRANT), ("device_code", code)], "unauthorized_client"),
    ] {
        let answer = device.token(&fields).await;
        assert_eq!(error(answer).await, (400, expected.to_owned()), "{fields:?}");
    }
}
