//! The sessions of a user, which an operator can see and end.

use domain::{AuditEvent, Author, Session, SessionId, UserId};

use super::administration::UserAdministration;
use super::error::UserAdministrationError;
use crate::error::Error;
use crate::port::{DeviceSession, WhichSessions};

impl UserAdministration {
    /// Lists up to `limit` live sessions of a user in the order of their ids, from the one after `after` on.
    ///
    /// # Errors
    /// [`UserAdministrationError::Unknown`] if there is no such user.
    pub async fn list_sessions(
        &self,
        id: UserId,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<Vec<Session>, UserAdministrationError> {
        self.find(id).await?;
        Ok(self.sessions.list(id, after, limit, self.context.now()).await.map_err(Error::from)?)
    }

    /// Lists up to `limit` live sessions of a user in the order of their ids, each with where the user signed in.
    ///
    /// # Errors
    /// [`UserAdministrationError::Failed`] only.
    pub async fn list_devices(
        &self,
        id: UserId,
        limit: u32,
    ) -> Result<Vec<DeviceSession>, UserAdministrationError> {
        Ok(self.sessions.list_devices(id, None, limit, self.context.now()).await.map_err(Error::from)?)
    }

    /// Finds a live session of a user.
    ///
    /// # Errors
    /// [`UserAdministrationError::UnknownSession`] if it is not a live session of this user.
    pub async fn find_session(
        &self,
        id: UserId,
        session: SessionId,
    ) -> Result<Session, UserAdministrationError> {
        let found = self.sessions.find_for_user(id, session, self.context.now()).await;
        found.map_err(Error::from)?.ok_or(UserAdministrationError::UnknownSession)
    }

    /// Signs a user out everywhere. What the user granted in these sessions is revoked, unless it is offline access.
    ///
    /// # Errors
    /// [`UserAdministrationError::Unknown`] if there is no such user.
    pub async fn end_sessions(
        &self,
        id: UserId,
        author: impl Into<Author> + Send,
    ) -> Result<(), UserAdministrationError> {
        self.find(id).await?;
        let now = self.context.now();
        let event = AuditEvent::new(now, author, "user.end-sessions", &id);
        self.sessions.end_for_user(id, WhichSessions::All, now, &event).await.map_err(Error::from)?;
        Ok(())
    }

    /// Signs a user out everywhere but in this session. It answers how many sessions ended.
    ///
    /// # Errors
    /// [`UserAdministrationError::Failed`] only.
    pub async fn end_other_sessions(
        &self,
        id: UserId,
        kept: SessionId,
        author: impl Into<Author> + Send,
    ) -> Result<u64, UserAdministrationError> {
        let now = self.context.now();
        let event = AuditEvent::new(now, author, "user.end-sessions", &id);
        let ended = self.sessions.end_for_user(id, WhichSessions::AllBut(kept), now, &event).await;
        Ok(ended.map_err(Error::from)?)
    }

    /// Ends one session of a user.
    ///
    /// # Errors
    /// [`UserAdministrationError::UnknownSession`] if it is not a live session of this user.
    pub async fn end_session(
        &self,
        id: UserId,
        session: SessionId,
        author: impl Into<Author> + Send,
    ) -> Result<(), UserAdministrationError> {
        let now = self.context.now();
        let event = AuditEvent::new(now, author, "session.end", &session);
        let ended = self.sessions.end_for_user(id, WhichSessions::One(session), now, &event).await;
        if ended.map_err(Error::from)? == 0 { Err(UserAdministrationError::UnknownSession) } else { Ok(()) }
    }
}
