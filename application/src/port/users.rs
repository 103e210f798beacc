//! The people who can sign in.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::user::{PasswordHash, Username};
use domain::{AuditEvent, User, UserId};

use super::Unavailable;

/// What became of an insertion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InsertedUser {
    /// They are there now.
    Done,
    /// The user name, in any case, or the id is taken; nothing changed.
    UsernameTaken,
}

/// One change of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserChange {
    /// A new password. Whoever knew the old one is out: their sessions end, and what they granted is revoked,
    /// also what they approved before and is recorded only later.
    Password(PasswordHash),
    /// From now on they cannot sign in and nothing they granted works: their sessions end and their
    /// authorizations, offline ones too, are revoked, also those that are recorded only later.
    Disable,
    /// They may sign in again; what ended stays ended.
    Enable,
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangedUser {
    /// It is done.
    Done,
    /// There is no such user; nothing changed.
    Unknown,
    /// Nobody else who can sign in could administer; nothing changed.
    LastAdministrator,
}

/// What became of an amendment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmendedUser {
    /// It is done.
    Done,
    /// They changed or went since they were read; nothing changed.
    Stale,
    /// Another user has the name, in any case; nothing changed.
    UsernameTaken,
    /// Nobody else who is enabled could administer; nothing changed.
    LastAdministrator,
}

/// Keeps users. Every write keeps its audit event in the same transaction.
#[async_trait]
pub trait Users: Send + Sync {
    /// The user with this id, disabled ones included.
    async fn find(&self, id: UserId) -> Result<Option<User>, Unavailable>;

    /// The user with this name, whatever its case, disabled ones included.
    async fn find_by_username(&self, username: &Username) -> Result<Option<User>, Unavailable>;

    /// Adds a user: of any number of concurrent calls for one user name, exactly one is [`InsertedUser::Done`].
    async fn insert(&self, user: &User, event: &AuditEvent) -> Result<InsertedUser, Unavailable>;

    /// Changes one thing about a user at `now` (also their `updated_at`). Of any number of concurrent changes,
    /// amendments and deletions, the one that would leave no enabled administrator is
    /// [`ChangedUser::LastAdministrator`].
    async fn change(
        &self,
        id: UserId,
        change: &UserChange,
        now: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<ChangedUser, Unavailable>;

    /// Replaces name, claims, `administrator` and `updated_at` of a user who is still `before`: of any number of
    /// concurrent calls with one `before`, at most one is [`AmendedUser::Done`].
    async fn amend(
        &self,
        before: &User,
        after: &User,
        event: &AuditEvent,
    ) -> Result<AmendedUser, Unavailable>;

    /// Removes a user with their sessions, authorizations, refresh tokens and consents.
    async fn delete(&self, id: UserId, event: &AuditEvent) -> Result<ChangedUser, Unavailable>;

    /// Up to `limit` users in the order of their ids, after the one named.
    async fn list(&self, after: Option<UserId>, limit: u32) -> Result<Vec<User>, Unavailable>;
}
