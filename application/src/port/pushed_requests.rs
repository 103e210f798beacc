//! Pushed authorization requests (RFC 9126).

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{Digest, PushedRequest};

use super::{IssuedCode, Unavailable};

/// The outcome of completing a pushed request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completion {
    /// This call completed the request, or an earlier call of the same caller did.
    Completed,
    /// Another caller completed the request, it can no longer be completed, or it never existed.
    Gone,
}

/// Keeps pushed requests under the digest of the random part of their `request_uri`.
#[async_trait]
pub trait PushedRequests: Send + Sync {
    /// Keeps a request until it is completed, or until the interactions that it opened have ended (`completes_until`).
    async fn push(&self, key: Digest, pushed: &PushedRequest) -> Result<(), Unavailable>;

    /// Finds the request without completing it, any number of times. None if it is completed or has expired at `now`.
    async fn find(&self, key: Digest, now: DateTime<Utc>) -> Result<Option<PushedRequest>, Unavailable>;

    /// Completes a request for the caller `by`, atomically: of any number of concurrent callers for one key, exactly one
    /// gets [`Completion::Completed`], and gets it whenever it calls again. A request that was opened in time completes
    /// after it has expired, until `completes_until`. With the first completion the `code` is issued that answers it
    /// ([`AuthorizationCodes`](super::AuthorizationCodes)); if it is [`Completion::Gone`], no browser may learn that code.
    async fn complete(
        &self,
        key: Digest,
        by: Digest,
        code: Option<&IssuedCode>,
        now: DateTime<Utc>,
    ) -> Result<Completion, Unavailable>;
}
