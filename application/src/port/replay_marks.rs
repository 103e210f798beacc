//! Replay detection: the digests of what may be used once, such as the `jti` of an assertion.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::Digest;

use super::Unavailable;

/// Whether a digest was marked before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marked {
    /// This call marked the digest.
    First,
    /// An earlier call marked the digest: this is a replay.
    Seen,
}

/// Marks what may be used once, such as the `jti` of an assertion (RFC 7523 §3). All nodes share the marks.
#[async_trait]
pub trait ReplayMarks: Send + Sync {
    /// Marks a digest, atomically: of any number of concurrent calls for one digest, exactly one is
    /// [`Marked::First`]. The mark is remembered until `expires_at`.
    async fn mark(&self, digest: Digest, expires_at: DateTime<Utc>) -> Result<Marked, Unavailable>;
}
