//! Forgetting what has expired.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Unavailable;

/// Removes what no promise needs any more.
#[async_trait]
pub trait Expired: Send + Sync {
    /// Removes up to `batch` rows of each kind that had expired by `now`; how many went.
    /// Nothing that another port still promises to know is removed.
    async fn purge(&self, now: DateTime<Utc>, batch: u32) -> Result<u64, Unavailable>;
}
