//! The mails that wait to be sent.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::QueuedMail;

use super::Unavailable;

/// Keeps mails until they are sent.
///
/// An administrative write queues the mails of its event ([`AuditEvent::mails`](domain::AuditEvent::mails)) in its transaction. If it
/// changes nothing, it queues nothing.
#[async_trait]
pub trait MailQueue: Send + Sync {
    /// Queues a mail that no administrative write causes. It is due at once.
    async fn queue(&self, mail: &QueuedMail) -> Result<(), Unavailable>;

    /// Takes up to `limit` mails that are due at `now`, the one that waits longest first, and counts one more attempt for each. A mail
    /// that is taken is not due again before `until`: of any number of concurrent callers exactly one gets it, and if that caller
    /// crashes, the mail is due again.
    async fn take_due(
        &self,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<QueuedMail>, Unavailable>;

    /// Deletes a mail, because it was sent, or because the caller gives up.
    async fn settle(&self, mail: &QueuedMail) -> Result<(), Unavailable>;

    /// Makes a mail due at `due_at`, unless another caller took it after this caller did.
    async fn postpone(&self, mail: &QueuedMail, due_at: DateTime<Utc>) -> Result<(), Unavailable>;
}
