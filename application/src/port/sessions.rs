//! Signed-in browsers.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{AuditEvent, ClientId, Digest, Session, SessionId, User, UserId};

use super::Unavailable;

/// A live session and its user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The session.
    pub session: Session,
    /// Who is signed in.
    pub user: User,
}

/// Which of a user's sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhichSessions {
    /// This one.
    One(SessionId),
    /// Every one.
    All,
}

/// Keeps sessions under the digest of the cookie's value.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// Begins a session under `cookie`. If its user is disabled or gone by then, or was disabled or got a new password after
    /// its `auth_time`, the cookie finds nothing, for good.
    async fn begin(&self, session: &Session, cookie: Digest) -> Result<(), Unavailable>;

    /// The session under `cookie` and its user, unless it has ended or expired by `now`, or the user is disabled.
    async fn find(&self, cookie: Digest, now: DateTime<Utc>) -> Result<Option<SignedIn>, Unavailable>;

    /// Records that the user of a session authenticated again: replaces its `auth_time`, `acr`, `amr`
    /// and `expires_at`, and moves it under `cookie`. The old cookie finds nothing from then on.
    /// False, and nothing changes, if the session has ended, had expired by the new `auth_time`
    /// or is another user's: what an expired session revoked does not come back.
    async fn renew(&self, session: &Session, cookie: Digest) -> Result<bool, Unavailable>;

    /// Ends a session: its cookie finds nothing, and what was granted from it, unless offline, is revoked.
    /// It stays known as ended until what was granted from it has expired. Leaves the
    /// [notices](super::LogoutNotices) of it and answers with every client that was granted something in it; with
    /// none, and nothing changes, if it had ended.
    async fn end(&self, id: SessionId, now: DateTime<Utc>) -> Result<Vec<ClientId>, Unavailable>;

    /// Up to `limit` live sessions of a user at `now`, in the order of their ids, after the one named.
    async fn of_user(
        &self,
        user: UserId,
        after: Option<SessionId>,
        limit: u32,
        now: DateTime<Utc>,
    ) -> Result<Vec<Session>, Unavailable>;

    /// Ends live sessions of a user, each as [`end`](Self::end) does, and keeps the event in the same transaction;
    /// how many there were. If there were none, no event is kept.
    async fn end_of_user(
        &self,
        user: UserId,
        which: WhichSessions,
        now: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<u64, Unavailable>;
}
