//! Whether a store can serve requests.

use async_trait::async_trait;

use super::Unavailable;

/// Tells whether a store answers and has the schema we need.
#[async_trait]
pub trait Readiness: Send + Sync {
    /// Asks the store.
    async fn check(&self) -> Result<(), Unavailable>;
}
