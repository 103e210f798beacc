//! A store that cannot be reached: the start ends at once, with the cause.

use std::time::{Duration, Instant};

use tests::support::SelfSigned;

use super::own_postgres::OwnPostgres;
use super::own_redis::OwnRedis;
use crate::ENCRYPTION_KEY;
use crate::installation::{Installation, free_port};

/// Far less than the server waits for a store that does not answer.
const AT_ONCE: Duration = Duration::from_secs(4);

/// The sentence with which a start with these settings ends.
async fn sentence(settings: &[(&'static str, &str)]) -> String {
    let key = [("OAUTH2_ENCRYPTION_KEY", ENCRYPTION_KEY)];
    let installation = Installation::with(&[&key, settings].concat());
    let began = Instant::now();
    let ended = installation.runs(&[], "").await;
    assert!(began.elapsed() < AT_ONCE, "{:?}: {}", began.elapsed(), ended.errors);
    assert_eq!(ended.status.code(), Some(1), "{}", ended.errors);
    for nothing in ["timed out", "hunter2"] {
        assert!(!ended.errors.contains(nothing), "{}", ended.errors);
    }
    // The library for a cluster logs each node that it cannot reach.
    let last = ended.errors.lines().last().expect("a sentence");
    assert!(last.starts_with("oauth2-server: "), "{}", ended.errors);
    last.to_owned()
}

#[tokio::test]
async fn a_database_that_cannot_be_reached_is_told_with_the_cause() {
    let mut postgres = OwnPostgres::start().await;
    let address = postgres.url().replace("postgres://postgres@", "").replace("/postgres", "");
    let nowhere = free_port();
    for (url, cause) in [
        (format!("postgres://me:hunter2@127.0.0.1:{nowhere}/x"), "connection refused"),
        ("postgres://me:hunter2@nowhere.invalid/x".to_owned(), "no such host"),
        (format!("postgres://nobody:hunter2@{address}/postgres"), "role \"nobody\" does not exist"),
        (format!("postgres://postgres:hunter2@{address}/nothing"), "database \"nothing\" does not exist"),
        (format!("postgres://postgres:hunter2@{address}/x?sslmode=require"), "TLS"),
    ] {
        let told = sentence(&[("OAUTH2_DATABASE_URL", &url)]).await;
        assert!(told.contains(cause) && told.contains("Postgres at "), "{url}: {told}");
    }
    postgres.asks_for_passwords().await;
    let wrong = format!("postgres://postgres:hunter2@{address}/postgres");
    let told = sentence(&[("OAUTH2_DATABASE_URL", &wrong)]).await;
    assert!(told.contains("password authentication failed for user \"postgres\""), "{told}");
}

#[tokio::test]
async fn a_database_whose_certificate_is_not_trusted_is_told_with_the_cause() {
    let mut postgres = OwnPostgres::start().await;
    postgres.shows(&SelfSigned::new()).await;
    let url = format!("{}?sslmode=verify-full", postgres.url());
    let told = sentence(&[("OAUTH2_DATABASE_URL", &url)]).await;
    assert!(told.contains("certificate"), "{told}");
}

#[tokio::test]
async fn a_redis_that_cannot_be_reached_is_told_with_the_cause() {
    let redis = OwnRedis::start().await;
    redis.answers::<String>(&["CONFIG", "SET", "requirepass", "correct"]).await;
    let (address, nowhere) = (redis.address(), free_port());
    for (url, cause) in [
        (format!("redis://:hunter2@127.0.0.1:{nowhere}"), "connection refused"),
        ("redis://:hunter2@nowhere.invalid".to_owned(), "no such host"),
        (format!("redis://:hunter2@{address}"), "WRONGPASS"),
        (format!("redis+cluster://:hunter2@127.0.0.1:{nowhere}"), "connection refused"),
    ] {
        let told = sentence(&[("OAUTH2_REDIS_URL", &url)]).await;
        assert!(told.contains(cause) && told.contains("OAUTH2_REDIS_URL"), "{url}: {told}");
    }
}

#[tokio::test]
async fn a_redis_that_evicts_is_warned_about_once() {
    for (policy, warnings) in [("allkeys-lru", 1), ("volatile-ttl", 1), ("noeviction", 0)] {
        let redis = OwnRedis::with(&["--maxmemory", "100mb", "--maxmemory-policy", policy]).await;
        let url = redis.url();
        let installation = Installation::with(&[("OAUTH2_REDIS_URL", url.as_str())]);
        let running = installation.serves().await;
        let ended = running.ends().await;
        let told = ended.errors.lines().filter(|line| line.contains("maxmemory-policy")).count();
        assert_eq!(told, warnings, "{policy}: {}", ended.errors);
        assert_eq!(
            ended.errors.matches(&format!("policy=\"{policy}\"")).count(),
            warnings,
            "{}",
            ended.errors
        );
        // A check of the configuration says it too.
        let checked = installation.runs(&["config", "check"], "").await;
        assert!(checked.status.success(), "{}", checked.errors);
        let told = checked.errors.lines().filter(|line| line.contains("maxmemory-policy")).count();
        assert_eq!(told, warnings, "{policy}: {}", checked.errors);
    }
}

#[tokio::test]
async fn a_redis_without_maxmemory_is_warned_about() {
    for (options, warnings) in [(&[][..], 1), (&["--maxmemory", "100mb"], 0)] {
        let redis = OwnRedis::with(options).await;
        let installation = Installation::with(&[("OAUTH2_REDIS_URL", redis.url().as_str())]);
        let ended = installation.serves().await.ends().await;
        let told = ended.errors.lines().filter(|line| line.contains("has no maxmemory")).count();
        assert_eq!(told, warnings, "{}", ended.errors);
    }
}
