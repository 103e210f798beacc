//! Logout notices: which client must still get a logout token for which session (OpenID Connect Back-Channel
//! Logout 1.0 §2.5).

use std::collections::BTreeSet;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{ClientId, LogoutNotice};

use super::Unavailable;

/// Keeps one notice per session and client.
///
/// The transaction that ends a session leaves its notices: one for each client that was granted something in the
/// session, offline or not, revoked since or not, and that registered a back-channel logout URI.
#[async_trait]
pub trait LogoutNotices: Send + Sync {
    /// Takes up to `limit` notices that are due at `now`, at most one for each client and none for a client that is `busy`,
    /// the one that waits longest first, and counts one more attempt for each. A notice that is taken is not due again before
    /// `until`: of any number of concurrent callers exactly one gets it, and if that caller crashes, the notice is due again.
    async fn take_due(
        &self,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: u32,
        busy: &BTreeSet<ClientId>,
    ) -> Result<Vec<LogoutNotice>, Unavailable>;

    /// Deletes a notice, because its client got the logout token, or because the caller gives up.
    async fn settle(&self, notice: &LogoutNotice) -> Result<(), Unavailable>;

    /// Makes a notice due at `due_at`, unless another caller took it after this caller did.
    async fn postpone(&self, notice: &LogoutNotice, due_at: DateTime<Utc>) -> Result<(), Unavailable>;
}
