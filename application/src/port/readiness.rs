//! Whether a store can serve requests.

use async_trait::async_trait;

use super::Unavailable;

/// Checks that a store answers, accepts writes, and has the current schema.
#[async_trait]
pub trait Readiness: Send + Sync {
    /// Is an error if the store cannot serve requests.
    async fn check(&self) -> Result<(), Unavailable>;

    /// Whether the store has no room, so that it refuses what is new. It heals by itself when there is room.
    async fn is_full(&self) -> bool;
}
