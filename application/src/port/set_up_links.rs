//! The one-time link that makes the first administrator.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{AuditEvent, Digest, User};

use super::Unavailable;

/// What became of using a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetUp {
    /// The administrator exists now and the link is spent.
    Done,
    /// The user name is taken; the link is not spent.
    UsernameTaken,
    /// Unknown, spent or expired, or there is an administrator already; nothing changed.
    Invalid,
}

/// Keeps at most one set-up link at a time.
#[async_trait]
pub trait SetUpLinks: Send + Sync {
    /// Offers a link in place of any earlier one, unless an administrator exists (then false).
    async fn offer(&self, link: Digest, expires_at: DateTime<Utc>) -> Result<bool, Unavailable>;

    /// Whether this link can be used at `now`: it was offered, is neither spent nor expired, and there is no administrator.
    async fn is_open(&self, link: Digest, now: DateTime<Utc>) -> Result<bool, Unavailable>;

    /// Spends the link and adds the administrator with the event, in one transaction: of any number of
    /// concurrent calls for one link, at most one is [`SetUp::Done`].
    async fn redeem(
        &self,
        link: Digest,
        administrator: &User,
        now: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<SetUp, Unavailable>;
}
