//! The removal of expired data.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Unavailable;

/// Removes the data that no port needs any more.
#[async_trait]
pub trait Expired: Send + Sync {
    /// Removes up to `batch` rows of each kind that have expired at `now`, and answers how many it removed.
    /// It removes nothing that another port promises to remember.
    async fn purge(&self, now: DateTime<Utc>, batch: u32) -> Result<u64, Unavailable>;
}
