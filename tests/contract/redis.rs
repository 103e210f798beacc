//! The contract of the short-lived ports on Redis and on Redis Cluster, and the promises of that adapter alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use adapters_memory::{FixedClock, MemoryStore};
use adapters_redis::Redis;
use application::port::{
    AttemptKey, Attempts, AuthorizationCodes, Counter, DeviceCodes, Forgiven, Interactions, IssuedDeviceCode,
    Limit, PushedRequests, Readiness, ReplayMarks,
};
use chrono::{DateTime, Duration, Utc};
use domain::DeviceCode;
use redis::AsyncTypedCommands;
use tests::contract::Stores;
use tests::contract::fixture::{after, authorization, client, code, device_code, digest, now, user};
use tests::contract::interactions::ending;
use tests::contract::pushed_requests::pushed;
use tests::support::{private_redis, redis_cluster_url, redis_url};

mod single {
    use super::*;

    async fn stores() -> ((), Stores) {
        ((), stores_on(&redis_url()).await)
    }

    tests::short_lived_contract!(crate::redis::single::stores);

    #[tokio::test]
    async fn every_key_expires_a_minute_after_its_port_needs_it() {
        every_key_expires(&redis_url(), single().await).await;
    }
}

mod cluster {
    use super::*;

    async fn stores() -> ((), Stores) {
        ((), stores_on(&redis_cluster_url()).await)
    }

    tests::short_lived_contract!(crate::redis::cluster::stores);

    #[tokio::test]
    async fn every_key_expires_a_minute_after_its_port_needs_it() {
        every_key_expires(&redis_cluster_url(), cluster().await).await;
    }
}

/// The short-lived ports are in Redis, the others in memory.
async fn stores_on(url: &str) -> Stores {
    let (redis, _prefix) = connect(url).await;
    Stores::new(&Arc::new(MemoryStore::new())).with_short_lived(&Arc::new(redis))
}

async fn connect(url: &str) -> (Redis, String) {
    private_redis(url, Arc::new(FixedClock::new(now()))).await
}

/// A connection to look at the keys with, besides the adapter's.
async fn single() -> redis::aio::MultiplexedConnection {
    redis::Client::open(redis_url()).unwrap().get_multiplexed_async_connection().await.unwrap()
}

async fn cluster() -> redis::cluster_async::ClusterConnection {
    let nodes = redis_cluster_url().replace("redis+cluster://", "redis://");
    let nodes = nodes.split(',').map(|node| node.trim().to_owned());
    redis::cluster::ClusterClient::new(nodes).unwrap().get_async_connection().await.unwrap()
}

/// The remaining lifetime in seconds of each kind of key under `prefix`.
async fn lifetimes(mut connection: impl AsyncTypedCommands, prefix: &str) -> BTreeMap<String, u64> {
    let mut lifetimes = BTreeMap::new();
    for key in connection.keys(format!("{prefix}:*")).await.unwrap() {
        let seconds = connection.ttl(&key).await.unwrap();
        let redis::IntegerReplyOrNoOp::IntegerReply(seconds) = seconds else {
            unreachable!("{key} lives for ever")
        };
        let kind = key.strip_prefix(prefix).unwrap().split(':').nth(1).unwrap().to_owned();
        lifetimes.insert(kind, seconds as u64);
    }
    lifetimes
}

/// Leaves the only key of this kind 40 seconds to live.
async fn shorten(mut connection: impl AsyncTypedCommands, prefix: &str, kind: &str) {
    let keys = connection.keys(format!("{prefix}:*")).await.unwrap();
    let [key] = &keys.iter().filter(|key| key.contains(&format!(":{kind}:"))).collect::<Vec<_>>()[..] else {
        unreachable!("{kind}: {keys:?}")
    };
    assert!(connection.expire(key, 40).await.unwrap());
}

async fn every_key_expires(url: &str, keys: impl AsyncTypedCommands + Clone) {
    let (redis, prefix) = connect(url).await;
    let (web, ada) = (client("web"), user("ada"));
    let code = code(&authorization("one", &web, &ada, None, "openid"));
    AuthorizationCodes::issue(&redis, digest("code"), &code).await.unwrap();
    DeviceCodes::issue(&redis, digest("device"), &device_code("user code", &web), now()).await.unwrap();
    redis.finish(digest("interaction"), &ending("answer"), None).await.unwrap();
    redis.push(digest("pushed"), &pushed("pushed")).await.unwrap();
    redis.mark(digest("jti"), after(60)).await.unwrap();
    let limit = Limit { attempts: 3, window: Duration::seconds(900) };
    let counter = Counter::new(AttemptKey::new("login", &["ada"]), limit);
    let growing = Counter::growing(AttemptKey::new("ceiling", &["ada"]), limit);
    redis.count(&[counter, growing], now()).await.unwrap();
    redis.check().await.unwrap();
    let seconds = |until: DateTime<Utc>| u64::try_from((until - now()).num_seconds()).unwrap();
    let mut expected = BTreeMap::from([
        ("{attempts}", 900 + 60),
        ("code", seconds(code.expires_at) + 60),
        ("device", seconds(device_code("user code", &web).forget_at()) + 60),
        ("interaction", 60 + 60),
        ("mark", 60 + 60),
        ("pushed", 60 + 30 * 60 + 60),
        ("ready", 60),
        ("user-code", seconds(device_code("user code", &web).expires_at) + 60),
    ]);
    assert_lifetimes(&lifetimes(keys.clone(), &prefix).await, &expected);

    // A redeemed or changed key keeps the lifetime that it needs.
    AuthorizationCodes::redeem(&redis, digest("code")).await.unwrap();
    redis.poll(digest("device"), None, web.incarnation, now()).await.unwrap();
    redis.count(&[counter], after(10)).await.unwrap();
    redis.forgive(&[Forgiven::One(counter.key)]).await.unwrap();
    redis.mark(digest("jti"), after(600)).await.unwrap();
    expected.insert("code", seconds(code.authorization.expires_at) + 60);
    assert_lifetimes(&lifetimes(keys.clone(), &prefix).await, &expected);

    // A replay keeps nothing for longer. A user code is reserved anew for the next device.
    for kind in ["code", "user-code"] {
        shorten(keys.clone(), &prefix, kind).await;
    }
    expected.insert("code", 40);
    AuthorizationCodes::redeem(&redis, digest("code")).await.unwrap();
    let ended = device_code("user code", &web).expires_at;
    let next = DeviceCode { expires_at: ended + Duration::seconds(600), ..device_code("user code", &web) };
    let issued = DeviceCodes::issue(&redis, digest("next device"), &next, ended).await.unwrap();
    assert_eq!(issued, IssuedDeviceCode::Done);
    expected.insert("user-code", seconds(next.expires_at) + 60);
    let mut found = lifetimes(keys, &prefix).await;
    // There are two of them now.
    assert!(found.remove("device").is_some() && expected.remove("device").is_some());
    assert_lifetimes(&found, &expected);
}

fn assert_lifetimes(found: &BTreeMap<String, u64>, expected: &BTreeMap<&str, u64>) {
    assert!(found.keys().eq(expected.keys()), "{found:?}");
    for (kind, seconds) in expected {
        // Some seconds have passed since.
        assert!((seconds - 30..=*seconds).contains(&found[*kind]), "{kind}: {found:?}");
    }
}

#[tokio::test]
async fn a_growing_counter_is_kept_until_its_window_ends() {
    let (redis, prefix) = connect(&redis_url()).await;
    let limit = Limit { attempts: 3, window: Duration::seconds(900) };
    for seconds in [0, 5, 10] {
        let growing = Counter::growing(AttemptKey::new("ceiling", &["ada"]), limit);
        redis.count(&[growing], after(seconds)).await.unwrap();
    }
    let found = lifetimes(single().await, &prefix).await;
    assert_lifetimes(&found, &BTreeMap::from([("{attempts}", 3 * 900 + 60)]));
}

#[tokio::test]
async fn another_prefix_is_another_store() {
    let ((one, _), (other, _)) = (connect(&redis_url()).await, connect(&redis_url()).await);
    one.push(digest("pushed"), &pushed("pushed")).await.unwrap();
    assert!(PushedRequests::find(&one, digest("pushed"), now()).await.unwrap().is_some());
    assert!(PushedRequests::find(&other, digest("pushed"), now()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_node_of_a_cluster_is_not_taken_for_a_single_redis() {
    let url = redis_cluster_url().replacen("+cluster", "", 1);
    let clock = Arc::new(FixedClock::new(now()));
    let refused = Redis::connect(&url, "test", clock).await.unwrap_err();
    assert!(refused.reason.contains("redis+cluster://"), "{refused}");
}

#[tokio::test]
async fn an_address_without_a_redis_is_an_error_that_says_so() {
    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for url in [format!("redis://{unused}"), format!("redis+cluster://{unused}")] {
        let clock = Arc::new(FixedClock::new(now()));
        let unavailable = Redis::connect(&url, "test", clock).await.unwrap_err();
        assert_eq!(unavailable.component, "redis");
        assert!(unavailable.reason.contains("refused"), "{url}: {unavailable}");
    }
}
