//! openid-client (JavaScript), one script per capability.

use application::client::initial_access_tokens::NewToken;
use chrono::Duration;
use domain::client::ClientAuthentication;
use domain::self_registration::RegistrationLimits;
use domain::{Actor, GrantType};
use tests::support::{PASSWORD, RelyingParty, TestServer};
use tokio::process::Command;

use super::script::{node, passes};
use super::{USERNAME, server_and_client};

#[tokio::test]
async fn it_pushes_its_authorization_requests() {
    let (server, client) = server_and_client().await;
    let mut script = node("par.mjs");
    script
        .env("CLIENT_ID", &client.id)
        .env("CLIENT_SECRET", client.secret.as_deref().expect("a secret"))
        .env("REDIRECT_URI", &client.redirect_uri);
    walk(script, &server, &["discovery", "push", "tokens", "once", "refusals"]).await;
}

#[tokio::test]
async fn it_waits_on_a_device_until_it_is_approved() {
    let server = TestServer::in_real_time_with(|settings| settings.device_interval_seconds = 1).await;
    server.user(USERNAME).await;
    let device = RelyingParty::register(&server, "television", |client| {
        client.authentication = ClientAuthentication::None;
        client.grant_types = [GrantType::DeviceCode].into();
        client.redirect_uris.clear();
    })
    .await;
    let mut script = node("device.mjs");
    script.env("CLIENT_ID", &device.id);
    walk(script, &server, &["discovery", "device authorization", "approval", "tokens", "once"]).await;
}

#[tokio::test]
async fn it_registers_uses_manages_and_deletes_a_client() {
    let server = TestServer::in_real_time().await;
    server.user(USERNAME).await;
    let new = NewToken { uses: 1, lifetime: Duration::hours(1), limits: RegistrationLimits::default() };
    let created = server.registration_tokens.create(new, Actor::CommandLine).await;
    let (_, token) = created.expect("an initial access token");
    let mut script = node("registration.mjs");
    script.env("INITIAL_ACCESS_TOKEN", token.expose());
    walk(script, &server, &["refusals", "registration", "tokens", "management", "deletion"]).await;
}

async fn walk(mut script: Command, server: &TestServer, steps: &[&str]) {
    script.env("ISSUER", &server.issuer).env("LOGIN_USERNAME", USERNAME).env("LOGIN_PASSWORD", PASSWORD);
    passes(script, steps).await;
}
