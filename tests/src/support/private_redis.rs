//! A private part of a Redis: its keys have a prefix that no other test uses.

use std::sync::Arc;

use adapters_redis::Redis;
use application::port::{Clock, Entropy};

use super::service;

/// The URL of the private single Redis.
#[must_use]
pub fn redis_url() -> String {
    service("TEST_REDIS_URL")
}

/// The URL of the private Redis Cluster.
#[must_use]
pub fn redis_cluster_url() -> String {
    service("TEST_REDIS_CLUSTER_URL").replacen("redis://", "redis+cluster://", 1)
}

/// A connection of its own to the Redis at `url`, and the prefix of its keys, which no other call gets.
///
/// # Panics
/// When no Redis answers.
pub async fn private_redis(url: &str, clock: Arc<dyn Clock>) -> (Redis, String) {
    let prefix = own_prefix();
    let redis = Redis::connect(url, &prefix, clock).await.expect("Redis");
    (redis, prefix)
}

/// A prefix that no other test uses.
pub(super) fn own_prefix() -> String {
    let entropy: &dyn Entropy = &server::system::SystemEntropy;
    format!("test:{:032x}", u128::from_be_bytes(entropy.bytes()))
}
