//! The people who can sign in.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::user::PasswordHash;
use domain::{AuditEvent, GroupName, Person, SessionId, SignInName, User, UserId};

use super::Unavailable;

/// The outcome of an insertion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InsertedUser {
    /// The user is added.
    Done,
    /// Another user has the user name as user name or e-mail address, or has the id. Nothing changed.
    UsernameTaken,
    /// Another user has the e-mail address as e-mail address or user name. Nothing changed.
    EmailTaken,
}

/// One change of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserChange {
    /// Sets a new password. The user's sessions end, because an attacker may know the old password. What the user
    /// granted is revoked, also what the user approved before and is recorded only later. It is in the user's sign-in history.
    Password(PasswordHash),
    /// Sets a new password that the user chose while they were signed in. The user's links end. It is in the user's sign-in history.
    OwnPassword {
        /// The password.
        hash: PasswordHash,
        /// What happens to their sessions.
        sessions: SessionsAfterPassword,
    },
    /// Disables the user. The user cannot sign in, their sessions end, and what they granted is revoked: also offline
    /// authorizations, and what they approved before and is recorded only later.
    Disable,
    /// Enables the user. They may sign in again. What ended stays ended.
    Enable,
    /// Sets `unlocked_at`: failures are counted anew from then on. It is in the user's sign-in history.
    Unlock,
}

/// What a new password that a user chose does to their sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionsAfterPassword {
    /// Sessions end and grants are revoked as by [`UserChange::Password`], except this session and what was granted in it.
    EndAllBut(SessionId),
    /// They stay, and what the user granted stays.
    Keep,
}

/// The outcome of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangedUser {
    /// The user is changed.
    Done,
    /// There is no such user. Nothing changed.
    Unknown,
    /// This user is the last administrator who can sign in. Nothing changed.
    LastAdministrator,
}

/// The outcome of an amendment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmendedUser {
    /// The user is changed.
    Done,
    /// The user was changed or deleted since the caller read them. Nothing changed.
    Stale,
    /// Another user has the user name as user name or e-mail address. Nothing changed.
    UsernameTaken,
    /// Another user has the e-mail address as e-mail address or user name. Nothing changed.
    EmailTaken,
    /// This user is the last administrator who can sign in. Nothing changed.
    LastAdministrator,
}

/// Which users are wanted. Without conditions, all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// Only those whose user name or e-mail address begins with this one.
    pub begins_with: Option<SignInName>,
    /// Only the members of this group; none if there is no such group.
    pub group: Option<GroupName>,
    /// Only those who are enabled, or who are not.
    pub is_enabled: Option<bool>,
}

impl UserFilter {
    /// The name by which a user is found: the user name, unless only the e-mail address begins as it should. None if neither does.
    #[must_use]
    pub fn found_by(&self, user: &User) -> Option<SignInName> {
        let begins =
            |name: &SignInName| self.begins_with.as_ref().is_none_or(|it| name.key().starts_with(it.key()));
        let names = user.sign_in_names();
        let email = || names.email.filter(|_| self.begins_with.is_some()).filter(begins);
        if begins(&names.username) { Some(names.username) } else { email() }
    }
}

/// Keeps users. Every write records its audit event in the same transaction.
#[async_trait]
pub trait Users: Send + Sync {
    /// Finds the user with this id, disabled users included.
    async fn find(&self, id: UserId) -> Result<Option<User>, Unavailable>;

    /// Finds the user with this id, disabled users included, and the groups that they are in, in the order of their names in lower
    /// case, with one look-up.
    async fn find_with_groups(&self, id: UserId) -> Result<Option<Person>, Unavailable>;

    /// Finds the user with this user name or e-mail address, disabled users included.
    async fn find_by_sign_in_name(&self, name: &SignInName) -> Result<Option<User>, Unavailable>;

    /// Adds a user: of any number of concurrent insertions and amendments that give one name to several users, as user name or as
    /// e-mail address, exactly one is done.
    async fn insert(&self, user: &User, event: &AuditEvent) -> Result<InsertedUser, Unavailable>;

    /// Changes one thing about a user at `now`, and their `updated_at`. Of any number of concurrent changes, amendments
    /// and deletions, the one that would leave no administrator who can sign in is
    /// [`ChangedUser::LastAdministrator`].
    async fn change(
        &self,
        id: UserId,
        change: &UserChange,
        now: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<ChangedUser, Unavailable>;

    /// Replaces the name, claims, `administrator` and `updated_at` of a user who is still `before`: of any number of
    /// concurrent calls with one `before`, at most one is [`AmendedUser::Done`].
    async fn amend(
        &self,
        before: &User,
        after: &User,
        event: &AuditEvent,
    ) -> Result<AmendedUser, Unavailable>;

    /// Replaces the hash of a password that stays the same. If the user's hash is not `before`, nothing changes. No session ends, no
    /// event is recorded, and `updated_at` stays.
    async fn renew_hash(
        &self,
        id: UserId,
        before: &PasswordHash,
        after: &PasswordHash,
    ) -> Result<(), Unavailable>;

    /// Deletes a user with their sessions, authorizations, refresh tokens, consents, memberships in groups, second factors and
    /// sign-in history.
    async fn delete(&self, id: UserId, event: &AuditEvent) -> Result<ChangedUser, Unavailable>;

    /// Up to `limit` users in the order of their ids, after the id `after`.
    async fn list(&self, after: Option<UserId>, limit: u32) -> Result<Vec<User>, Unavailable>;

    /// Up to `limit` users who meet the filter, in the order of the names by which they are [found](UserFilter::found_by), after the
    /// name `after`. Each is there once.
    async fn search(
        &self,
        filter: &UserFilter,
        after: Option<&SignInName>,
        limit: u32,
    ) -> Result<Vec<User>, Unavailable>;
}
