//! The passkeys of users (Web Authentication Level 3).

use async_trait::async_trait;
use domain::{AuditEvent, CredentialId, Passkey, PasskeyName, PasskeyUse, UserId};

use super::Unavailable;

/// The outcome of adding a passkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddedPasskey {
    /// The user has it.
    Done,
    /// A passkey with this id is known already. Nothing changed.
    Taken,
    /// The user has as many as they may have. Nothing changed.
    TooMany,
    /// There is no such user, or the user is disabled. Nothing changed.
    Unknown,
}

/// The outcome of using a passkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsedPasskey {
    /// The use is recorded.
    Accepted,
    /// Its count did not grow: there may be a copy of it. Nothing changed.
    Copied,
    /// There is no such passkey any more. Nothing changed.
    Unknown,
}

/// The outcome of removing a passkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemovedPasskey {
    /// It is gone.
    Done,
    /// The user has no password and no other passkey: without this one they could not sign in. Nothing changed.
    LastWayIn,
    /// The user has no such passkey. Nothing changed.
    Unknown,
}

/// Keeps the passkeys of users. They end with the user, and with no other change of the user.
#[async_trait]
pub trait Passkeys: Send + Sync {
    /// Finds a passkey by the id of its credential.
    async fn find(&self, id: &CredentialId) -> Result<Option<Passkey>, Unavailable>;

    /// The passkeys of a user, the oldest first.
    async fn list(&self, user: UserId) -> Result<Vec<Passkey>, Unavailable>;

    /// Adds a passkey, unless any user has one with the same id, or its user has `most` already: of any number of concurrent calls
    /// with one id exactly one is [`AddedPasskey::Done`], and no number of concurrent calls gives a user more than `most`. It is in
    /// the user's sign-in history.
    async fn add(
        &self,
        passkey: &Passkey,
        most: u32,
        event: &AuditEvent,
    ) -> Result<AddedPasskey, Unavailable>;

    /// Records a use, if its count [may follow](Passkey::may_have_counted) the one before: of any number of concurrent calls with one count that is
    /// not 0, exactly one is [`UsedPasskey::Accepted`].
    async fn record_use(&self, id: &CredentialId, used: &PasskeyUse) -> Result<UsedPasskey, Unavailable>;

    /// Gives a passkey of this user another name. It is false, and nothing changes, if the user has no such passkey.
    async fn rename(
        &self,
        user: UserId,
        id: &CredentialId,
        name: &PasskeyName,
        event: &AuditEvent,
    ) -> Result<bool, Unavailable>;

    /// Removes a passkey of this user, but not the last way in of one who has no password: also of concurrent calls one is then
    /// [`RemovedPasskey::LastWayIn`]. The recovery codes end with the last second factor. No session ends. It is in the user's
    /// sign-in history.
    async fn remove(
        &self,
        user: UserId,
        id: &CredentialId,
        event: &AuditEvent,
    ) -> Result<RemovedPasskey, Unavailable>;
}
