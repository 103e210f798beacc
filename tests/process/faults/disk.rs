//! The disk of SQLite is full, under load: the server refuses writes with 503, still serves reads, and still revokes. When
//! there is room again, it recovers without an operator.

use std::time::{Duration, Instant};

use reqwest::header::RETRY_AFTER;
use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};
use serde_json::Value;
use tests::support::{Browser, RelyingParty};
use tokio::time::sleep;

use super::load::{Forgets, Load, SCOPE};
use super::own_disk::{DISK_BYTES, OwnDisk};
use super::{LIFETIMES, RECOVERY_TIMEOUT, client_and_browsers, sign_in};
use crate::USERNAME;
use crate::installation::{Installation, free_port};

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

/// Waits until the server is ready, which must be soon.
async fn is_ready(client: &RelyingParty) {
    let since = Instant::now();
    let url = format!("{}/ready", client.issuer);
    while client.http().get(&url).send().await.expect("an answer").status() != 200 {
        assert!(since.elapsed() < RECOVERY_TIMEOUT, "the server is not ready");
        sleep(Duration::from_millis(20)).await;
    }
}

/// `/ready`, the log and the metrics name the cause.
async fn says_that_it_is_full(client: &RelyingParty, metrics: &str) {
    let ready = client.http().get(format!("{}/ready", client.issuer)).send().await.expect("an answer");
    let ready: Value = ready.json().await.expect("JSON");
    assert_eq!(ready["error"], "temporarily_unavailable");
    assert_eq!(ready["error_description"], "a store is full; make room for it");
    assert_eq!(metric(metrics, "oauth2_store_full{store=\"sqlite\"}").await, "1");
    assert!(metric(metrics, "oauth2_store_free_bytes").await.parse::<u64>().expect("a number") < DISK_BYTES);
}

/// The value of a gauge.
async fn metric(address: &str, name: &str) -> String {
    let metrics = reqwest::get(format!("http://{address}/metrics")).await.expect("an answer");
    let metrics = metrics.text().await.expect("metrics");
    let line = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{name} is missing: {metrics}")).to_owned()
}

/// Expired rows, until the database leaves less room than every write needs.
async fn fill_with_expired_rows(installation: &Installation) {
    let reserve = installation.folder().join("oauth2.db-reserve").metadata().expect("a reserve").len();
    let url = format!("sqlite:{}", installation.folder().join("oauth2.db").display());
    let database = sea_orm::Database::connect(url).await.expect("the database");
    let pages = Statement::from_string(DatabaseBackend::Sqlite, "PRAGMA page_count");
    loop {
        let row = database.query_one_raw(pages.clone()).await.expect("an answer").expect("a row");
        let pages: i64 = row.try_get("", "page_count").expect("a number");
        if u64::try_from(pages).expect("a number") * 4096 + reserve + 900_000 > DISK_BYTES {
            break;
        }
        let rows = "INSERT INTO pushed_requests (digest, detail, expires_at, forget_at) \
                    SELECT randomblob(32), hex(randomblob(20000)), 0, 0 FROM (VALUES (1), (2), (3))";
        database.execute_unprepared(rows).await.expect("rows");
    }
    database.close().await.expect("closed");
}

#[tokio::test]
async fn a_disk_that_is_full_of_expired_data_heals_by_itself_over_a_restart() {
    let installation = Installation::with(&LIFETIMES);
    let (client, browsers) = client_and_browsers(&installation).await;
    fill_with_expired_rows(&installation).await;
    let since = Instant::now();
    let (_disk, running) = OwnDisk::start(&installation).await;
    is_ready(&client).await;
    sign_in(&client, &browsers).await;
    let database = format!("/proc/{}/cwd/oauth2.db", running.id());
    while std::fs::metadata(&database).expect("a database").len() > DISK_BYTES / 4 {
        assert!(since.elapsed() < RECOVERY_TIMEOUT, "the database does not give its pages back");
        sleep(Duration::from_millis(20)).await;
    }
    let ended = running.ends().await;
    assert_eq!(ended.status.code(), Some(0), "{}", ended.errors);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_is_full_under_load_loses_nothing_and_lets_read() {
    let metrics = format!("127.0.0.1:{}", free_port());
    let installation = Installation::with(&[&LIFETIMES[..], &[("OAUTH2_METRICS_ADDR", &metrics)]].concat());
    let (client, browsers) = client_and_browsers(&installation).await;
    let (disk, running) = OwnDisk::start(&installation).await;
    sign_in(&client, &browsers).await;
    let tokens = client.tokens(&browsers[0], USERNAME, &[SCOPE]).await;
    let (access_token, refresh_token) = (tokens.text("access_token"), tokens.text("refresh_token"));

    let load = Load::begin(&client, &browsers, Forgets::Nothing);
    for _ in 0..3 {
        load.answers(60).await;
        let compromised = client.tokens(&browsers[0], USERNAME, &[SCOPE]).await;
        disk.fills_up();
        load.refusals(30).await;
        // Requests that keep something new fail.
        let refused = client.refresh(refresh_token).await;
        assert_eq!(refused.status(), 503);
        assert!(refused.headers().contains_key(RETRY_AFTER));
        let body = refused.text().await.expect("a body");
        assert!(body.contains("temporarily_unavailable") && !body.contains("full"), "{body}");
        // Revocations have space in reserve.
        if disk.has_a_reserve() {
            for token in ["access_token", "refresh_token"] {
                assert_eq!(client.revoke(compromised.text(token)).await.status(), 200);
            }
            assert_eq!(client.introspect(compromised.text("access_token")).await["active"], false);
            says_that_it_is_full(&client, &metrics).await;
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
        is_ready(&client).await;
        assert_eq!(metric(&metrics, "oauth2_store_full{store=\"sqlite\"}").await, "0");
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
