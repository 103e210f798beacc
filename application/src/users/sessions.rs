//! Where a user is signed in, and what they agreed to: an operator sees it and ends it.

use domain::{Actor, AuditEvent, ClientId, Consent, Session, SessionId, UserId};

use super::{UserAdministration, UserAdministrationError};
use crate::error::Error;
use crate::port::WhichSessions;

impl UserAdministration {
    /// Up to `limit` live sessions of a user in the order of their ids, after the one named.
    ///
    /// # Errors
    /// [`UserAdministrationError::Unknown`] if there is no such user.
    pub async fn sessions(
        &self,
        id: UserId,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<Vec<Session>, UserAdministrationError> {
        self.show(id).await?;
        Ok(self.sessions.list(id, after, limit, self.clock.now()).await.map_err(Error::from)?)
    }

    /// Signs a user out everywhere: what was granted from their sessions, unless offline, is revoked.
    ///
    /// # Errors
    /// [`UserAdministrationError::Unknown`] if there is no such user.
    pub async fn end_sessions(&self, id: UserId, actor: Actor) -> Result<(), UserAdministrationError> {
        self.show(id).await?;
        let now = self.clock.now();
        let event = AuditEvent::new(now, actor, "user.end-sessions", &id);
        self.sessions.end_for_user(id, WhichSessions::All, now, &event).await.map_err(Error::from)?;
        Ok(())
    }

    /// Ends one session of a user.
    ///
    /// # Errors
    /// [`UserAdministrationError::UnknownSession`] if it is not a live session of theirs.
    pub async fn end_session(
        &self,
        id: UserId,
        session: SessionId,
        actor: Actor,
    ) -> Result<(), UserAdministrationError> {
        let now = self.clock.now();
        let event = AuditEvent::new(now, actor, "session.end", &session);
        let ended = self.sessions.end_for_user(id, WhichSessions::One(session), now, &event).await;
        if ended.map_err(Error::from)? == 0 { Err(UserAdministrationError::UnknownSession) } else { Ok(()) }
    }

    /// Up to `limit` consents of a user in the order of their clients, after the one named.
    ///
    /// # Errors
    /// [`UserAdministrationError::Unknown`] if there is no such user.
    pub async fn consents(
        &self,
        id: UserId,
        after: Option<&ClientId>,
        limit: u32,
    ) -> Result<Vec<Consent>, UserAdministrationError> {
        self.show(id).await?;
        Ok(self.consents.list(id, after, limit).await.map_err(Error::from)?)
    }

    /// Withdraws what a user agreed to with a client, and revokes what they granted to it.
    ///
    /// # Errors
    /// [`UserAdministrationError::NothingGranted`] if there is nothing to withdraw.
    pub async fn withdraw_consent(
        &self,
        id: UserId,
        client: &ClientId,
        actor: Actor,
    ) -> Result<(), UserAdministrationError> {
        let target = format!("{id} {client}");
        let event = AuditEvent::new(self.clock.now(), actor, "consent.withdraw", &target);
        let withdrawn = self.consents.withdraw(id, client, &event).await.map_err(Error::from)?;
        if withdrawn { Ok(()) } else { Err(UserAdministrationError::NothingGranted) }
    }
}
