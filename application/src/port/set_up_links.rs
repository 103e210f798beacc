//! The one-time link that makes the first administrator.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{AuditEvent, Digest, User};

use super::Unavailable;

/// Whether a link was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offered {
    /// It is the one link that can be redeemed.
    Done,
    /// An earlier link stays.
    Before,
    /// An administrator exists. Nothing changed.
    AlreadySetUp,
}

/// Whether a link can be redeemed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkStatus {
    /// It can be redeemed.
    Open,
    /// An administrator exists, so no link can be redeemed.
    AlreadySetUp,
    /// It was never offered, was replaced, or has expired.
    Invalid,
}

/// The outcome of redeeming a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedeemedLink {
    /// The administrator is added and the link is spent.
    Done,
    /// Another user has the user name or the e-mail address. The link is not spent.
    UsernameTaken,
    /// An administrator exists. Nothing changed.
    AlreadySetUp,
    /// The link was never offered, was replaced, or has expired. Nothing changed.
    Invalid,
}

/// Keeps at most one set-up link at a time. A link ends for good when an administrator is added in another way.
#[async_trait]
pub trait SetUpLinks: Send + Sync {
    /// Keeps a link in place of any earlier link until `expires_at`. With `unless_live_at`, an earlier link that has not expired at
    /// that time stays: of any number of concurrent calls, one is [`Offered::Done`].
    async fn offer(
        &self,
        link: Digest,
        expires_at: DateTime<Utc>,
        unless_live_at: Option<DateTime<Utc>>,
    ) -> Result<Offered, Unavailable>;

    /// Whether this link can be redeemed at `now`. While an administrator exists, every link is
    /// [`LinkStatus::AlreadySetUp`].
    async fn status(&self, link: Digest, now: DateTime<Utc>) -> Result<LinkStatus, Unavailable>;

    /// Spends the link and adds the administrator and the event, in one transaction: of any number of concurrent
    /// calls for one link, at most one is [`RedeemedLink::Done`]. The use of the link is in the administrator's sign-in history.
    async fn redeem(
        &self,
        link: Digest,
        administrator: &User,
        now: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<RedeemedLink, Unavailable>;
}
