//! The short-lived ports on Redis: codes, pushed requests, device codes, interactions, replay marks, counters.
//!
//! Every command touches one key, and what must happen once is decided by that one command: `SET NX`,
//! `GETDEL`, or a script. So nothing depends on two keys agreeing, and a cluster may keep each where it likes.
//! Lifetimes only clean up: whether something has expired is judged by `now`, like everywhere.

mod attempts;
mod authorization_codes;
mod connection;
mod device_codes;
mod fault;
mod interactions;
mod key;
mod pushed_requests;
mod readiness;
mod replay_marks;
mod value;

use std::sync::Arc;

use application::port::{Clock, Unavailable};

use connection::Connection;
use fault::Fault;
use key::Keys;

/// The short-lived stores on one Redis or one Redis Cluster. A clone uses the same connections.
#[derive(Clone)]
pub struct Redis {
    connection: Connection,
    keys: Keys,
    clock: Arc<dyn Clock>,
}

impl Redis {
    /// Connects to `url`: `redis://[user[:password]@]host[:port][/db]`, with TLS `rediss://…`; to a cluster with
    /// `redis+cluster://…` or `rediss+cluster://…`, or with a list of URLs that are separated by commas. Every
    /// key begins with `prefix`. Lost connections come back by themselves.
    ///
    /// `clock` only says how long a key has to live; so it does not matter what time it is on the Redis server.
    ///
    /// # Errors
    /// [`Unavailable`] when the URL cannot be used or nobody answers there within 5 seconds.
    pub async fn connect(url: &str, prefix: &str, clock: Arc<dyn Clock>) -> Result<Self, Unavailable> {
        let connection = answered(Connection::open(url).await)?;
        Ok(Self { connection, keys: Keys::new(prefix), clock })
    }
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Redis").finish_non_exhaustive()
    }
}

/// Names Redis in what went wrong.
fn answered<Answer>(answer: Result<Answer, Fault>) -> Result<Answer, Unavailable> {
    answer.map_err(|fault| Unavailable { component: "redis", reason: fault.to_string() })
}
