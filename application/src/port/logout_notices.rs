//! Clients that are still to be told that a session has ended (OpenID Connect Back-Channel Logout 1.0 §2.5).

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::LogoutNotice;

use super::Unavailable;

/// Keeps one notice per session and client.
///
/// Whatever ends a session leaves them, in the transaction that ends it: one for each client that was granted
/// something in the session, offline or not, revoked since or not, and that registered a back-channel logout URI.
#[async_trait]
pub trait LogoutNotices: Send + Sync {
    /// Takes up to `limit` notices that are due at `now`, the ones that wait longest first, each with one more
    /// attempt counted. What is taken is not due again before `until`: of any number of concurrent callers
    /// exactly one gets it, and whoever dies with it loses nothing.
    async fn take_due(
        &self,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<LogoutNotice>, Unavailable>;

    /// Forgets a notice: its client was told, or never will be.
    async fn settle(&self, notice: &LogoutNotice) -> Result<(), Unavailable>;

    /// Makes a notice due at `due_at`, unless somebody else took it after this caller did.
    async fn postpone(&self, notice: &LogoutNotice, due_at: DateTime<Utc>) -> Result<(), Unavailable>;
}
