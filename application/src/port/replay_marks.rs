//! What may be used once, remembered as long as it could be used again.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::Digest;

use super::Unavailable;

/// Whether something was seen before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marked {
    /// Never: this call marked it.
    First,
    /// It was marked before: a replay.
    Seen,
}

/// Marks what may be used once, such as the `jti` of an assertion (RFC 7523 §3), on all nodes together.
#[async_trait]
pub trait ReplayMarks: Send + Sync {
    /// Marks a digest, atomically: of any number of concurrent calls for one digest, exactly one is
    /// [`Marked::First`]. It is remembered until `expires_at`.
    async fn mark(&self, digest: Digest, expires_at: DateTime<Utc>) -> Result<Marked, Unavailable>;
}
