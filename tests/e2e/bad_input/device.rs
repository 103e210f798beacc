//! Device authorization and polling (RFC 8628 §3.1, §3.5). `device/bad_requests.rs` has more of
//! both.

use chrono::Duration;
use domain::GrantType;
use tests::support::{Browser, RelyingParty, TestServer, Tokens};

use super::{Endpoint, refused, with, without};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

async fn printer(server: &TestServer, id: &str) -> RelyingParty {
    RelyingParty::register(server, id, |client| {
        client.grant_types = [GrantType::DeviceCode].into();
        client.redirect_uris.clear();
    })
    .await
}

async fn begin(device: &RelyingParty) -> Tokens {
    RelyingParty::successful(device.post("/oauth/device_authorization", &[("scope", "read")]).await).await
}

#[tokio::test]
async fn a_device_authorization_is_refused_for_every_fault() {
    let server = TestServer::start().await;
    let device = printer(&server, "printer").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let honest = [("scope", "read")];
    let endpoint = Endpoint { server: &server, path: "/oauth/device_authorization", client: &device };
    endpoint.refuses_every_wrong_caller(&honest).await;
    endpoint.refuses_every_duplicate(&honest).await;
    let long = "x".repeat(20_000);
    endpoint
        .refuses(&[
            ("an oversized scope", with(&honest, "scope", &long), (400, "invalid_scope")),
            ("a malformed scope", with(&honest, "scope", "re\"ad"), (400, "invalid_scope")),
            ("a scope that does not exist", with(&honest, "scope", "admin"), (400, "invalid_scope")),
        ])
        .await;
    refused(web.post(endpoint.path, &honest).await, (400, "unauthorized_client"), "no device").await;
    begin(&device).await;
}

#[tokio::test]
async fn a_poll_is_refused_for_every_fault_and_spends_nothing() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let device = printer(&server, "printer").await;
    let other = printer(&server, "other").await;
    let begun = begin(&device).await;
    let code = begun.text("device_code");
    let honest = [("grant_type", GRANT), ("device_code", code)];
    let browser = Browser::new(&server.issuer);
    let login = browser.open(begun.text("verification_uri_complete")).await.page();
    let page = browser.sign_in(&login, "ada").await.page();
    browser.submit(&page, &[("decision", "allow")]).await;

    let endpoint = Endpoint { server: &server, path: "/oauth/token", client: &device };
    endpoint.refuses_every_wrong_caller(&honest).await;
    endpoint.refuses_every_duplicate(&honest).await;
    let (long, invalid_grant) = ("x".repeat(20_000), (400, "invalid_grant"));
    endpoint
        .refuses(&[
            ("no device code", without(&honest, "device_code"), (400, "invalid_request")),
            ("an empty device code", with(&honest, "device_code", ""), (400, "invalid_request")),
            ("a malformed device code", with(&honest, "device_code", "nonsense"), invalid_grant),
            ("an oversized device code", with(&honest, "device_code", &long), invalid_grant),
            ("the user code", with(&honest, "device_code", begun.text("user_code")), invalid_grant),
            ("the code of another case", with(&honest, "device_code", &code.to_uppercase()), invalid_grant),
        ])
        .await;
    refused(other.token(&honest).await, invalid_grant, "another client's").await;

    RelyingParty::successful(device.token(&honest).await).await;
    server.clock.advance(Duration::seconds(5));
    refused(device.token(&honest).await, invalid_grant, "replayed").await;
    let begun = begin(&device).await;
    let late = with(&honest, "device_code", begun.text("device_code"));
    refused(device.token(&late).await, (400, "authorization_pending"), "undecided").await;
    refused(device.token(&late).await, (400, "slow_down"), "at once again").await;
    server.clock.advance(Duration::seconds(600));
    refused(device.token(&late).await, (400, "expired_token"), "expired").await;
}
