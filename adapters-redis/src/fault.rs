//! The faults of this adapter. Its callers see [`Unavailable`](application::port::Unavailable).

use redis::RedisError;

/// Why there is no answer of Redis.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// Redis could not be reached, or refused the command.
    #[error("{}", cause(.0))]
    Redis(#[from] RedisError),
    /// Redis did not answer in time. The command may have taken effect.
    #[error("no answer within {0:?}; a firewall may drop the packets")]
    Timeout(std::time::Duration),
    /// A key has a value that this adapter did not write.
    #[error("a value cannot be read: {0} is corrupt")]
    Corrupt(&'static str),
    /// A value cannot be written as JSON.
    #[error("a value cannot be written: {0}")]
    Unwritable(#[from] serde_json::Error),
    /// The key has a value already.
    #[error("the key is taken")]
    Taken,
    /// Concurrent callers changed a value before every attempt to change it.
    #[error("too many concurrent changes of one value")]
    Contended,
    /// No sentinel says where the master is.
    #[error("{0}")]
    Sentinel(String),
    /// The server is a node of a cluster. It would redirect most commands to other nodes.
    #[error(
        "this is a node of a Redis Cluster; write redis+cluster:// (with TLS rediss+cluster://) in the URL"
    )]
    Cluster,
}

impl Fault {
    /// Whether Redis uses all memory that it may use, and therefore refused the command.
    pub(crate) fn is_full(&self) -> bool {
        matches!(self, Self::Redis(error) if error.code() == Some("OOM"))
    }
}

/// The cause in words that an operator knows. Redis' own messages stay as they are.
fn cause(error: &RedisError) -> String {
    let reason = error.to_string();
    if error.is_connection_refusal() || reason.contains("Connection refused") {
        "connection refused: nothing listens there".to_owned()
    } else if reason.contains("lookup address") {
        format!("no such host: {reason}")
    } else {
        reason
    }
}
