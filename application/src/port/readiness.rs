//! Whether a store can serve requests.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Unavailable;

/// Checks that a store answers, accepts writes, and has the current schema.
#[async_trait]
pub trait Readiness: Send + Sync {
    /// Is an error if the store cannot serve requests. The answer is the time by the clock of the store's machine; none if that is
    /// this machine, or if the store does not say.
    async fn check(&self) -> Result<Option<DateTime<Utc>>, Unavailable>;

    /// Whether the store has no room, so that it refuses what is new. It heals by itself when there is room.
    async fn is_full(&self) -> bool;
}
