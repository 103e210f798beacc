//! Redis goes away, forgets, or cuts connections, each under load: 503 meanwhile, and afterwards nothing was used twice.

use reqwest::StatusCode;
use serde_json::{Value, json};
use tests::support::{Browser, PrivateDatabase, RelyingParty};

use crate::installation::{Installation, Running};
use crate::load::Load;
use crate::redis_server::RedisServer;
use crate::{SCOPE, USERNAME};

/// Any 32 bytes.
pub(crate) const ENCRYPTION_KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A server on PostgreSQL and a Redis of its own, a user, and a client whose users are not asked.
struct Site {
    redis: RedisServer,
    client: RelyingParty,
    running: Running,
    _installation: Installation,
    _database: PrivateDatabase,
}

impl Site {
    async fn new() -> Self {
        let (redis, database) = (RedisServer::new().await, PrivateDatabase::migrated().await);
        let installation = Installation::with(&[
            ("OAUTH2_DATABASE_URL", database.url()),
            ("OAUTH2_ENCRYPTION_KEY", ENCRYPTION_KEY),
            ("OAUTH2_REDIS_URL", &redis.url()),
            ("OAUTH2_AUTHORIZATION_CODE_TTL_SECS", "600"),
            ("OAUTH2_LOGIN_ATTEMPTS", "2"),
        ]);
        let client = crate::client(&installation, &["--first-party"]).await;
        crate::user(&installation).await;
        let running = installation.serves().await;
        Self { redis, client, running, _installation: installation, _database: database }
    }

    async fn status(&self, path: &str) -> StatusCode {
        let url = format!("{}{path}", self.client.issuer);
        self.client.http().get(url).send().await.expect("an answer").status()
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
    let kept = site.client.code(&Browser::new(&site.client.issuer), USERNAME, &[SCOPE]).await;
    let mut load = Load::begin(&site.client).await;

    site.redis.stops().await;
    load.until(|told| told.unavailable > 20).await;
    assert_eq!(site.status("/ready").await, 503);
    assert_eq!(site.status("/health").await, 200);
    site.running.says("redis is unavailable").await;

    site.redis.starts().await;
    load.recovers().await;
    assert_eq!(site.status("/ready").await, 200);
    // What Redis itself kept is not lost.
    site.client.redeemed(&kept).await;
    site.refused(&kept).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_is_flushed() {
    let site = Site::new().await;
    let mut load = Load::begin(&site.client).await;
    let issuer = &site.client.issuer;
    let browser = Browser::new(issuer);
    let code = site.client.code(&browser, USERNAME, &[SCOPE]).await;
    let stranger = Browser::new(issuer);
    let login = stranger.open(&site.client.authorization_url(&[SCOPE])).await.page();
    let wrong = [("username", USERNAME), ("password", "wrong")];
    for status in [422, 422, 429] {
        assert_eq!(stranger.submit(&login, &wrong).await.page().status, status);
    }

    for _ in 0..5 {
        site.redis.answers::<()>(&["FLUSHALL"]).await;
        load.go_on().await;
    }
    let told = load.recovers().await;
    assert_eq!(told.unavailable, 0, "a Redis that forgets is there");

    // What was under way is over.
    site.refused(&code).await;
    let lost = stranger.sign_in(&login, USERNAME).await.page();
    assert_eq!((lost.status.as_u16(), lost.has("#error")), (400, true));
    // Whoever begins again is asked to sign in, and not limited any more; whoever was signed in still is.
    let again = stranger.open(&site.client.authorization_url(&[SCOPE])).await.page();
    assert!(again.has("#login"), "{}", again.html);
    assert!(
        stranger
            .sign_in(&again, USERNAME)
            .await
            .client()
            .query()
            .is_some_and(|query| query.contains("code="))
    );
    let signed_in = browser.open(&site.client.authorization_url(&[SCOPE, ("prompt", "none")])).await.client();
    assert!(signed_in.query().is_some_and(|query| query.contains("code=")), "{signed_in}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_cuts_connections() {
    let site = Site::new().await;
    let mut load = Load::begin(&site.client).await;
    let mut cut = 0;
    for _ in 0..20 {
        cut += site.redis.answers::<usize>(&["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]).await;
        let earlier = load.told();
        load.until(|told| told.has_more_tokens_than(&earlier)).await;
    }
    assert!(cut >= 10, "{cut} connections were cut");
    load.recovers().await;
}

#[tokio::test]
async fn a_redis_restored_from_an_older_state_cannot_make_a_code_work_twice() {
    let site = Site::new().await;
    let code = site.client.code(&Browser::new(&site.client.issuer), USERNAME, &[SCOPE]).await;
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
