//! The one-time link that makes the first administrator.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{AuditEvent, Digest, User};

use super::Unavailable;

/// The outcome of redeeming a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedeemedLink {
    /// The administrator is added and the link is spent.
    Done,
    /// Another user has the name. The link is not spent.
    UsernameTaken,
    /// The link is unknown, spent or expired, or an administrator exists. Nothing changed.
    Invalid,
}

/// Keeps at most one set-up link at a time. A link ends for good when an administrator is added in another way.
#[async_trait]
pub trait SetUpLinks: Send + Sync {
    /// Keeps a link in place of any earlier link until `expires_at`. It is false if an administrator exists.
    async fn offer(&self, link: Digest, expires_at: DateTime<Utc>) -> Result<bool, Unavailable>;

    /// Whether this link can be redeemed at `now`: it was offered, is neither spent nor expired, and no administrator
    /// exists.
    async fn is_open(&self, link: Digest, now: DateTime<Utc>) -> Result<bool, Unavailable>;

    /// Spends the link and adds the administrator and the event, in one transaction: of any number of concurrent
    /// calls for one link, at most one is [`RedeemedLink::Done`].
    async fn redeem(
        &self,
        link: Digest,
        administrator: &User,
        now: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<RedeemedLink, Unavailable>;
}
