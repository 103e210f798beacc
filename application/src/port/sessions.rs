//! Signed-in browsers.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::subject::Naming;
use domain::{AuditEvent, ClientId, Digest, Session, SessionId, SignInEvent, User, UserAgent, UserId};

use super::Unavailable;

/// A live session with its user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The session.
    pub session: Session,
    /// The user who is signed in.
    pub user: User,
}

/// Whether a user who has begun a session has too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// No.
    Within,
    /// Maybe: [`Sessions::end_beyond`] ends those that are too many.
    TooMany,
}

/// Which of a user's sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhichSessions {
    /// The session with this id.
    One(SessionId),
    /// Every session but the one with this id.
    AllBut(SessionId),
    /// Every session.
    All,
}

/// A live session, and where its user signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceSession {
    /// The session.
    pub session: Session,
    /// The IP address of the last sign-in.
    pub address: Option<String>,
    /// The program of the last sign-in, as it calls itself.
    pub user_agent: Option<UserAgent>,
}

/// Keeps sessions under the digest of the cookie's value.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// Begins a session under `cookie`. If its user is disabled or deleted by then, or was disabled or got a new
    /// password after its `auth_time`, the cookie never finds a session.
    ///
    /// It is [`Begun::TooMany`] if more than `most` sessions of the user may be live then. Of concurrent calls for one user some
    /// may not see each other's session; the next one does.
    ///
    /// If the cookie can find the session, the event is in the history of the user from then on. A session begins also if the
    /// history cannot be written.
    async fn begin(
        &self,
        session: &Session,
        cookie: Digest,
        most: u32,
        event: &SignInEvent,
    ) -> Result<Begun, Unavailable>;

    /// Finds the session under `cookie` and its user, unless it has ended or expired at `now`, or the user is disabled.
    async fn find(&self, cookie: Digest, now: DateTime<Utc>) -> Result<Option<SignedIn>, Unavailable>;

    /// Records that the user of a session authenticated again: replaces its `auth_time`, `acr`, `amr` and `expires_at`,
    /// and moves it under `cookie`. The old cookie finds nothing from then on, and the event is in the history of the user. A
    /// session is renewed also if the history cannot be written.
    /// It is false, and nothing changes, if the session has ended, had expired at the new `auth_time`, or belongs to
    /// another user. So what an expired session revoked stays revoked.
    async fn renew(
        &self,
        session: &Session,
        cookie: Digest,
        event: &SignInEvent,
    ) -> Result<bool, Unavailable>;

    /// Moves the expiry of a session to `expires_at` if it would expire before `unless_from`, is live at `now` and has not ended.
    /// Otherwise nothing changes.
    async fn extend(
        &self,
        id: SessionId,
        expires_at: DateTime<Utc>,
        unless_from: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), Unavailable>;

    /// Ends the live sessions of a user that expire first, each as [`end`](Self::end) does, until `most` are live at `now`, of which
    /// one is `kept`. It answers how many sessions ended.
    async fn end_beyond(
        &self,
        user: UserId,
        kept: SessionId,
        most: u32,
        now: DateTime<Utc>,
    ) -> Result<u64, Unavailable>;

    /// Ends a session: its cookie finds nothing, and what was granted in it is revoked unless it is offline.
    /// The store remembers that the session has ended until everything that was granted in it has expired. Leaves the
    /// [notices](super::LogoutNotices) of the session and answers every client that was granted something in it, with each
    /// naming of what it was granted. If the
    /// session had ended before, nothing changes and the answer is empty.
    async fn end(&self, id: SessionId, now: DateTime<Utc>) -> Result<Vec<(ClientId, Naming)>, Unavailable>;

    /// Finds the session of a user with this id, if it is live at `now`.
    async fn find_for_user(
        &self,
        user: UserId,
        id: SessionId,
        now: DateTime<Utc>,
    ) -> Result<Option<Session>, Unavailable>;

    /// Up to `limit` sessions of a user that are live at `now`, in the order of their ids, after the id `after`.
    async fn list(
        &self,
        user: UserId,
        after: Option<SessionId>,
        limit: u32,
        now: DateTime<Utc>,
    ) -> Result<Vec<Session>, Unavailable>;

    /// Up to `limit` sessions of a user that are live at `now`, in the order of their ids, after the id `after`, each with the address and
    /// the user agent of the event that it was begun or last renewed with, also if the history could not be written.
    async fn list_devices(
        &self,
        user: UserId,
        after: Option<SessionId>,
        limit: u32,
        now: DateTime<Utc>,
    ) -> Result<Vec<DeviceSession>, Unavailable>;

    /// Up to `limit` sessions that are live at `now` and in which this client was granted something, in the order of their
    /// ids, after the id `after`.
    async fn list_for_client(
        &self,
        client: &ClientId,
        after: Option<SessionId>,
        limit: u32,
        now: DateTime<Utc>,
    ) -> Result<Vec<Session>, Unavailable>;

    /// Ends live sessions of a user, each as [`end`](Self::end) does, and records the event in the same transaction. It
    /// answers how many sessions ended. If none did, no event is recorded.
    async fn end_for_user(
        &self,
        user: UserId,
        which: WhichSessions,
        now: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<u64, Unavailable>;
}
