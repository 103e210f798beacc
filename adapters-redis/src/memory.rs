//! What Redis says about its memory: how much it uses, and whether it removes keys when that is full.

use std::collections::HashMap;

use redis::{Value, from_redis_value_ref};

use crate::Redis;

/// The policy under which Redis refuses writes and keeps what it has.
const NO_EVICTION: &str = "noeviction";

/// The memory of a Redis, or of all nodes of a cluster together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RedisMemory {
    /// The bytes in use.
    pub used: u64,
    /// `maxmemory` in bytes. None if a node has no bound but its machine.
    pub maximum: Option<u64>,
    /// Whether a node has reached its memory limit, so that it refuses new keys.
    pub is_full: bool,
    /// How many keys were removed before their time since the nodes started.
    pub evicted_keys: u64,
    /// The `maxmemory-policy` that lets a node remove keys before their time, if one has such a policy.
    pub eviction_policy: Option<String>,
}

impl Redis {
    /// What Redis says about its memory. None if it says nothing.
    pub async fn memory(&self) -> Option<RedisMemory> {
        let reply: Value = self.connection.query(&redis::cmd("INFO")).await.ok()?;
        // A cluster answers for each node.
        let nodes = from_redis_value_ref::<String>(&reply).map(|only| vec![only]).or_else(|_several| {
            from_redis_value_ref::<HashMap<String, String>>(&reply).map(|each| each.into_values().collect())
        });
        nodes.ok()?.iter().map(|node| read(node)).reduce(sum)
    }
}

fn read(reply: &str) -> RedisMemory {
    let text =
        |name: &str| reply.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim);
    let number = |name: &str| text(name).and_then(|number| number.parse::<u64>().ok());
    let used = number("used_memory").unwrap_or_default();
    let maximum = number("maxmemory").filter(|bytes| *bytes > 0);
    RedisMemory {
        used,
        maximum,
        is_full: maximum.is_some_and(|maximum| used >= maximum),
        evicted_keys: number("evicted_keys").unwrap_or_default(),
        eviction_policy: text("maxmemory_policy").filter(|policy| *policy != NO_EVICTION).map(str::to_owned),
    }
}

fn sum(one: RedisMemory, other: RedisMemory) -> RedisMemory {
    RedisMemory {
        used: one.used + other.used,
        maximum: one.maximum.zip(other.maximum).map(|(one, other)| one + other),
        is_full: one.is_full || other.is_full,
        evicted_keys: one.evicted_keys + other.evicted_keys,
        eviction_policy: one.eviction_policy.or(other.eviction_policy),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(used: u64, maximum: u64, policy: &str) -> String {
        format!(
            "# Memory\r\nused_memory:{used}\r\nused_memory_human:1.5M\r\nmaxmemory:{maximum}\r\n\
             maxmemory_policy:{policy}\r\n# Stats\r\nevicted_keys:7\r\nx:1\r\n"
        )
    }

    #[test]
    fn every_policy_but_noeviction_evicts() {
        assert_eq!(read(&reply(1, 0, "noeviction")).eviction_policy, None);
        assert_eq!(read("# Memory\r\n").eviction_policy, None);
        for policy in ["allkeys-lru", "volatile-ttl"] {
            assert_eq!(read(&reply(1, 0, policy)).eviction_policy.as_deref(), Some(policy));
        }
    }

    #[test]
    fn memory_is_full_at_its_maximum_and_has_none_without_maxmemory() {
        for (used, maximum, is_full) in
            [(99, 100, false), (100, 100, true), (101, 100, true), (101, 0, false)]
        {
            let memory = read(&reply(used, maximum, "noeviction"));
            assert_eq!((memory.used, memory.is_full), (used, is_full));
            assert_eq!(memory.maximum, (maximum > 0).then_some(maximum));
            assert_eq!(memory.evicted_keys, 7);
        }
    }

    #[test]
    fn a_cluster_is_full_when_a_node_is() {
        let node = |used, policy| read(&reply(used, 100, policy));
        let memory = sum(node(10, "noeviction"), node(100, "allkeys-lfu"));
        assert_eq!((memory.used, memory.maximum, memory.evicted_keys), (110, Some(200), 14));
        assert!(memory.is_full);
        assert_eq!(memory.eviction_policy.as_deref(), Some("allkeys-lfu"));
        assert_eq!(sum(node(1, "noeviction"), read(&reply(1, 0, "noeviction"))).maximum, None);
    }
}
