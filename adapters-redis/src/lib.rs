//! The short-lived ports on Redis: codes, pushed requests, device codes, interactions, replay marks, counters.
//!
//! Every command touches one key. One command (`SET NX` or a script) decides what may happen once. So no two
//! keys must agree, and a cluster may keep each key on any node. Lifetimes only remove data: `now` decides whether
//! something has expired, as in every store.

mod attempts;
mod authorization_codes;
mod connection;
mod device_codes;
mod fault;
mod interactions;
mod key;
mod memory;
mod pushed_requests;
mod readiness;
mod replay_marks;
mod servers;
mod value;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use application::port::{Clock, Unavailable};

use connection::Connection;
use fault::Fault;
use key::Keys;

pub use memory::RedisMemory;
pub use servers::Sentinels;

/// The short-lived stores on one Redis or one Redis Cluster. A clone uses the same connections.
#[derive(Clone)]
pub struct Redis {
    connection: Connection,
    keys: Keys,
    clock: Arc<dyn Clock>,
    /// Whether the last check of its readiness found no memory.
    is_full: Arc<AtomicBool>,
}

impl Redis {
    /// Connects to `url`: `redis://[user[:password]@]host[:port][/db]`, or with TLS `rediss://…`. A cluster has
    /// `redis+cluster://…` or `rediss+cluster://…`, or a list of URLs separated by commas. Every key begins with
    /// `prefix`. A lost connection is connected again.
    ///
    /// `clock` gives the lifetimes of keys. The clock of the Redis server does not matter.
    ///
    /// # Errors
    /// [`Unavailable`] if the URL is invalid, or no Redis answers there within 5 seconds.
    pub async fn connect(url: &str, prefix: &str, clock: Arc<dyn Clock>) -> Result<Self, Unavailable> {
        let connection = answered(Connection::open(url).await)?;
        Ok(Self { connection, keys: Keys::new(prefix), clock, is_full: Arc::default() })
    }
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Redis").finish_non_exhaustive()
    }
}

/// Turns a fault into [`Unavailable`].
fn answered<Answer>(answer: Result<Answer, Fault>) -> Result<Answer, Unavailable> {
    answer.map_err(|fault| Unavailable { component: "redis", reason: fault.to_string() })
}
