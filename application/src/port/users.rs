//! The people who can sign in.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::claims::ProfileClaims;
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
    /// A new password. Whoever knew the old one is out: their sessions end, and what they granted is revoked.
    Password(PasswordHash),
    /// New profile claims, in place of all old ones.
    Claims(ProfileClaims),
    /// From now on they cannot sign in and nothing they granted works: their sessions end and their
    /// authorizations, offline ones too, are revoked.
    Disable,
    /// They may sign in again; what ended stays ended.
    Enable,
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

    /// Changes one thing about a user at `now` (also their `updated_at`); false if there is no such user.
    async fn change(
        &self,
        id: UserId,
        change: &UserChange,
        now: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<bool, Unavailable>;

    /// Removes a user with their sessions, authorizations, refresh tokens and consents; false if there was none.
    async fn delete(&self, id: UserId, event: &AuditEvent) -> Result<bool, Unavailable>;

    /// Up to `limit` users in the order of their ids, after the one named.
    async fn list(&self, after: Option<UserId>, limit: u32) -> Result<Vec<User>, Unavailable>;
}
