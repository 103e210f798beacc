//! What can go wrong between us and Redis; outside it is all `Unavailable`.

use redis::RedisError;

/// Why Redis did not give the answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// It could not be reached, or refused.
    #[error(transparent)]
    Redis(#[from] RedisError),
    /// It did not answer in time. Whatever was asked may have happened.
    #[error("no answer within {0:?}")]
    Late(std::time::Duration),
    /// A key holds what we never wrote.
    #[error("a value cannot be read: {0} is corrupt")]
    Corrupt(&'static str),
    /// A value has no JSON form.
    #[error("a value cannot be written: {0}")]
    Unwritable(#[from] serde_json::Error),
    /// Something is kept under this key already.
    #[error("the key is taken")]
    Taken,
    /// Others changed a value each time before we could.
    #[error("too many change the same value at once")]
    Contended,
    /// It is a node of a cluster, which would send most commands elsewhere.
    #[error(
        "this is a node of a Redis Cluster; write redis+cluster:// (with TLS rediss+cluster://) in the URL"
    )]
    Cluster,
}
