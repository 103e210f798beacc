//! Whether Redis removes keys when its memory is full.

use std::collections::HashMap;

use redis::{Value, from_redis_value_ref};

use crate::Redis;

/// The policy under which Redis refuses writes and keeps what it has.
const NO_EVICTION: &str = "noeviction";

impl Redis {
    /// The `maxmemory-policy` of this Redis, or of one node of the cluster, that lets it remove keys before their time. None also
    /// if Redis does not tell its policy.
    pub async fn eviction_policy(&self) -> Option<String> {
        let told: Value = self.connection.query(redis::cmd("INFO").arg("memory")).await.ok()?;
        // A cluster answers for each node.
        let nodes = from_redis_value_ref::<String>(&told).map(|only| vec![only]).or_else(|_several| {
            from_redis_value_ref::<HashMap<String, String>>(&told).map(|each| each.into_values().collect())
        });
        nodes.ok()?.iter().find_map(|node| evicting(node))
    }
}

fn evicting(told: &str) -> Option<String> {
    let policy = told.lines().find_map(|line| line.strip_prefix("maxmemory_policy:"))?.trim();
    (policy != NO_EVICTION).then(|| policy.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_policy_but_noeviction_evicts() {
        let told = |policy: &str| format!("# Memory\r\nmaxmemory:0\r\nmaxmemory_policy:{policy}\r\nx:1\r\n");
        assert_eq!(evicting(&told("noeviction")), None);
        assert_eq!(evicting("# Memory\r\n"), None);
        for policy in ["allkeys-lru", "volatile-ttl"] {
            assert_eq!(evicting(&told(policy)).as_deref(), Some(policy));
        }
    }
}
