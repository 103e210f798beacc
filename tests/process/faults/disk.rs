//! The disk of SQLite is full, under load: the server refuses writes with 503 and still serves
//! reads. When there is room again, it recovers without an operator.

use std::time::Instant;

use reqwest::header::RETRY_AFTER;
use tests::support::{Browser, RelyingParty};

use super::load::{Forgets, Load, SCOPE};
use super::own_disk::OwnDisk;
use super::{LIFETIMES, RECOVERY_TIMEOUT, client_and_browsers, sign_in};
use crate::USERNAME;
use crate::installation::Installation;

/// Waits until a code can be stored again, which must be soon.
async fn recovers(client: &RelyingParty, browser: &Browser) {
    let since = Instant::now();
    loop {
        let answer = browser.http().get(client.authorization_url(&[SCOPE])).send().await.expect("an answer");
        if answer.status() == 303 {
            break;
        }
        assert_eq!(answer.status(), 503);
        assert!(since.elapsed() < RECOVERY_TIMEOUT, "the server has not recovered");
    }
    println!("recovered after {:?}", since.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_is_full_under_load_loses_nothing_and_lets_read() {
    let installation = Installation::with(&LIFETIMES);
    let (client, browsers) = client_and_browsers(&installation).await;
    let (disk, running) = OwnDisk::start(&installation).await;
    sign_in(&client, &browsers).await;
    let tokens = client.tokens(&browsers[0], USERNAME, &[SCOPE]).await;
    let (access_token, refresh_token) = (tokens.text("access_token"), tokens.text("refresh_token"));

    let load = Load::begin(&client, &browsers, Forgets::Nothing);
    for _ in 0..3 {
        load.answers(60).await;
        disk.fills_up();
        load.refusals(30).await;
        // Requests that must write fail.
        for refused in [client.revoke(access_token).await, client.refresh(refresh_token).await] {
            assert_eq!(refused.status(), 503);
            assert!(refused.headers().contains_key(RETRY_AFTER));
            let body = refused.text().await.expect("a body");
            assert!(body.contains("temporarily_unavailable") && !body.contains("full"), "{body}");
        }
        // Requests that only read or only sign succeed.
        assert_eq!(client.introspect(access_token).await["active"], true);
        assert_eq!(client.userinfo(access_token).await.status(), 200);
        let signed = client.token(&[("grant_type", "client_credentials"), ("scope", "read")]).await;
        RelyingParty::successful(signed).await;
        for (path, status) in [("/health", 200), ("/ready", 503), ("/.well-known/jwks.json", 200)] {
            let answer = client.http().get(format!("{}{path}", client.issuer)).send().await;
            assert_eq!(answer.expect("an answer").status(), status, "{path}");
        }
        disk.is_emptied();
        recovers(&client, &browsers[0]).await;
    }
    load.answers(40).await;
    load.end().await.verify(&client).await;
    // The refused requests have not spent or ended anything.
    RelyingParty::successful(client.refresh(refresh_token).await).await;
    assert_eq!(client.introspect(access_token).await["active"], true);
    let ended = running.ends().await;
    assert_eq!(ended.status.code(), Some(0), "{}", ended.errors);
}
