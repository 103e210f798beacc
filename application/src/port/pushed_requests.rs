//! Pushed authorization requests (RFC 9126).

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{Digest, PushedRequest};

use super::Unavailable;

/// What became of completing a pushed request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completed {
    /// This call completed it.
    First,
    /// It was completed before, can no longer be, or never was.
    Gone,
}

/// Keeps pushed requests under the digest of the random part of their `request_uri`.
#[async_trait]
pub trait PushedRequests: Send + Sync {
    /// Keeps a request until it is completed or what was opened from it has ended (`completes_until`).
    async fn push(&self, key: Digest, pushed: &PushedRequest) -> Result<(), Unavailable>;

    /// The request, as often as asked, without completing it; nothing once it is completed or has expired by `now`.
    async fn find(&self, key: Digest, now: DateTime<Utc>) -> Result<Option<PushedRequest>, Unavailable>;

    /// Completes a request, atomically: of any number of concurrent calls for one key, exactly one is
    /// [`Completed::First`]. One that was opened in time completes after it has expired, until `completes_until`.
    async fn complete(&self, key: Digest, now: DateTime<Utc>) -> Result<Completed, Unavailable>;
}
