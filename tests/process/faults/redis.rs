//! Redis stops, is flushed, or drops connections, each under load: the server answers 503 in the
//! meantime, and afterwards nothing was used twice.

use std::time::Instant;

use serde_json::{Value, json};
use tests::support::{Browser, PrivateDatabase, RelyingParty};

use super::load::{Forgets, Load, SCOPE};
use super::own_redis::OwnRedis;
use super::{installed, recovers, sign_in};
use crate::USERNAME;
use crate::installation::{Installation, Running, free_port};

/// A server on PostgreSQL with a private Redis, a client whose users are not asked for consent, and
/// signed-in browsers.
struct Site {
    redis: OwnRedis,
    client: RelyingParty,
    browsers: Vec<Browser>,
    running: Running,
    metrics: String,
    _installation: Installation,
    _database: PrivateDatabase,
}

impl Site {
    async fn new() -> Self {
        let (redis, database) = (OwnRedis::start().await, PrivateDatabase::migrated().await);
        let metrics = format!("127.0.0.1:{}", free_port());
        let settings = [
            ("OAUTH2_REDIS_URL", redis.url()),
            ("OAUTH2_LOGIN_ATTEMPTS", "2".to_owned()),
            ("OAUTH2_METRICS_ADDR", metrics.clone()),
        ];
        let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
        let (installation, client, browsers) = installed(database.url(), &settings).await;
        let running = installation.serves().await;
        sign_in(&client, &browsers).await;
        Self { redis, client, browsers, running, metrics, _installation: installation, _database: database }
    }

    async fn status(&self, path: &str) -> u16 {
        let url = format!("{}{path}", self.client.issuer);
        self.client.http().get(url).send().await.expect("an answer").status().as_u16()
    }

    async fn metrics(&self) -> String {
        let metrics = reqwest::get(format!("http://{}/metrics", self.metrics)).await.expect("an answer");
        metrics.text().await.expect("metrics")
    }

    async fn refused(&self, code: &str) {
        let answer = self.client.redeem(code).await;
        let status = answer.status();
        let body: Value = answer.json().await.expect("JSON");
        assert_eq!((status.as_u16(), &body["error"]), (400, &json!("invalid_grant")));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_stops_and_starts_again() {
    let mut site = Site::new().await;
    let kept = site.client.code(&site.browsers[0], USERNAME, &[SCOPE]).await;
    let load = Load::begin(&site.client, &site.browsers, Forgets::Nothing);
    load.answers(40).await;

    site.redis.stop().await;
    load.refusals(20).await;
    assert_eq!(site.status("/ready").await, 503);
    assert_eq!(site.status("/health").await, 200);
    site.running.says("redis is unavailable").await;

    site.redis.start_again().await;
    recovers(&site.client, Instant::now()).await;
    load.answers(40).await;
    load.end().await.verify(&site.client).await;
    assert_eq!(site.status("/ready").await, 200);
    // Data that Redis itself has persisted is not lost.
    site.client.redeemed(&kept).await;
    site.refused(&kept).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_is_flushed() {
    let site = Site::new().await;
    let browser = &site.browsers[0];
    let code = site.client.code(browser, USERNAME, &[SCOPE]).await;
    let stranger = Browser::new(&site.client.issuer);
    let login = stranger.open(&site.client.authorization_url(&[SCOPE])).await.page();
    let wrong = [("username", USERNAME), ("password", "wrong")];
    for status in [422, 422, 429] {
        assert_eq!(stranger.submit(&login, &wrong).await.page().status, status);
    }

    let load = Load::begin(&site.client, &site.browsers, Forgets::UnfinishedFlows);
    for _ in 0..5 {
        load.answers(20).await;
        site.redis.answers::<()>(&["FLUSHALL"]).await;
    }
    load.answers(20).await;
    assert_eq!(load.refused(), 0, "a flushed Redis answers");
    load.end().await.verify(&site.client).await;

    // What was issued and not used is lost. A login in progress goes on, because no store keeps it; the attempt counters are
    // reset, and signed-in users stay signed in.
    site.refused(&code).await;
    let signed_in = stranger.sign_in(&login, USERNAME).await.client();
    assert!(signed_in.query().is_some_and(|query| query.contains("code=")), "{signed_in}");
    let still = browser.open(&site.client.authorization_url(&[SCOPE, ("prompt", "none")])).await.client();
    assert!(still.query().is_some_and(|query| query.contains("code=")), "{still}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_cuts_connections() {
    let site = Site::new().await;
    let load = Load::begin(&site.client, &site.browsers, Forgets::Nothing);
    let mut cut = 0;
    for _ in 0..20 {
        load.answers(10).await;
        cut += site.redis.answers::<usize>(&["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]).await;
        recovers(&site.client, Instant::now()).await;
    }
    assert!(cut >= 10, "{cut} connections were cut");
    load.end().await.verify(&site.client).await;
}

#[tokio::test]
async fn a_redis_restored_from_an_older_state_cannot_make_a_code_work_twice() {
    let site = Site::new().await;
    // The login codes of the browsers.
    site.redis.answers::<()>(&["FLUSHALL"]).await;
    let code = site.client.code(&site.browsers[0], USERNAME, &[SCOPE]).await;
    let [key] = &site.redis.answers::<Vec<String>>(&["KEYS", "oauth2:code:*"]).await[..] else {
        panic!("one code was issued")
    };
    let before: Vec<u8> = site.redis.answers(&["DUMP", key]).await;
    let tokens = site.client.redeemed(&code).await;
    let restored: String = site.redis.restores(key, &before).await;
    assert_eq!(restored, "OK");

    site.refused(&code).await;
    assert_eq!(site.client.introspect(tokens.text("access_token")).await, json!({"active": false}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_whose_memory_is_full_says_so_and_heals() {
    let site = Site::new().await;
    let load = Load::begin(&site.client, &site.browsers, Forgets::Nothing);
    load.answers(20).await;
    site.redis.answers::<()>(&["CONFIG", "SET", "maxmemory", "1"]).await;
    load.refusals(10).await;
    let ready =
        site.client.http().get(format!("{}/ready", site.client.issuer)).send().await.expect("an answer");
    assert_eq!(ready.status(), 503);
    let ready: Value = ready.json().await.expect("JSON");
    assert_eq!(ready["error_description"], "a store is full; make room for it");
    let metrics = site.metrics().await;
    assert!(metrics.contains("oauth2_store_full{store=\"redis\"} 1"), "{metrics}");
    assert!(metrics.contains("oauth2_redis_memory_bytes{kind=\"maximum\"} 1\n"), "{metrics}");
    assert!(metrics.contains("oauth2_redis_evicted_keys 0"), "{metrics}");

    site.redis.answers::<()>(&["CONFIG", "SET", "maxmemory", "100mb"]).await;
    recovers(&site.client, Instant::now()).await;
    load.answers(20).await;
    load.end().await.verify(&site.client).await;
    assert_eq!(site.status("/ready").await, 200);
    let metrics = site.metrics().await;
    assert!(metrics.contains("oauth2_store_full{store=\"redis\"} 0"), "{metrics}");
}
