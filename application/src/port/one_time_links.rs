//! One-time links: invitations, new passwords, changes of e-mail addresses.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::user::PasswordHash;
use domain::{AuditEvent, Digest, OneTimeLink, User};

use super::Unavailable;

/// Whether a link was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssuedLink {
    /// It can be redeemed.
    Done,
    /// There is no such user, or the user is disabled. Nothing changed.
    Unknown,
    /// The user has another e-mail address by now, and the mail would go to the old one. Nothing changed.
    AddressChanged,
    /// It is an invitation, and the user has a password. Nothing changed.
    HasPassword,
}

/// What a link is redeemed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkUse {
    /// A password: for an invitation or a new password.
    Password(PasswordHash),
    /// Nothing: for a change of the e-mail address.
    Email,
}

impl LinkUse {
    /// The password, if there is one.
    #[must_use]
    pub const fn password(&self) -> Option<&PasswordHash> {
        match self {
            Self::Password(hash) => Some(hash),
            Self::Email => None,
        }
    }
}

/// The outcome of redeeming a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsedLink {
    /// The user is changed, and the link is spent.
    Done,
    /// The link was never issued, is spent, has ended or expired, or is for something else, or another user has got the e-mail
    /// address meanwhile. Nothing changed.
    Invalid,
}

/// Keeps at most one link of each kind for a user, under the digest of its token.
///
/// Every link of a user ends when the user gets another password or e-mail address, or is disabled or deleted.
#[async_trait]
pub trait OneTimeLinks: Send + Sync {
    /// Keeps a link with its event, and ends the earlier link of its kind of this user: of any number of concurrent calls, the link
    /// of one is left. A user who has a password gets no invitation. `email` is the claim that the caller has read: the mails of the event go there.
    async fn issue(
        &self,
        link: &OneTimeLink,
        email: Option<&str>,
        event: &AuditEvent,
    ) -> Result<IssuedLink, Unavailable>;

    /// Finds the link with this digest and its user, unless it has ended or expired at `now`. Nothing is used up.
    async fn find(
        &self,
        digest: Digest,
        now: DateTime<Utc>,
    ) -> Result<Option<(OneTimeLink, User)>, Unavailable>;

    /// Spends the link, makes its change, and records the event, in one transaction: of any number of concurrent calls for one link,
    /// exactly one is [`UsedLink::Done`]. A password ends sessions and revokes what was granted, as
    /// [`UserChange::Password`](super::UserChange::Password) does; an e-mail address is verified from then on. The use, and a new password, are in the sign-in history.
    async fn redeem(
        &self,
        digest: Digest,
        with: &LinkUse,
        now: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<UsedLink, Unavailable>;
}
