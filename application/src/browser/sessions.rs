//! The session of a browser: found, begun or renewed by a login, ended.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::subject::Naming;
use domain::{ClientId, Methods, Secret, Session, SessionId, SignInEvent, User};

use super::cookies::Browser;
use super::logout_signal::LogoutSignal;
use super::session_use::record_use;
use crate::context::Context;
use crate::error::Error;
use crate::port::{Begun, Sessions, SignedIn};

/// Finds, begins, renews and ends the sessions of browsers.
pub struct BrowserSessions {
    /// The store.
    pub sessions: Arc<dyn Sessions>,
    /// Wakes the delivery of back-channel logout.
    pub logout_signal: Arc<LogoutSignal>,
    /// Lifetimes and authentication contexts; entropy for cookies and ids.
    pub context: Context,
}

impl BrowserSessions {
    /// The live session of a browser and its user, if it has one and the user authenticated with as many factors as the operator
    /// demands. That is a use of the session.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn find(&self, browser: &Browser, now: DateTime<Utc>) -> Result<Option<SignedIn>, Error> {
        let found = self.find_to_end(browser, now).await?;
        Ok(found.filter(|found| self.context.settings.accepts(&found.session)))
    }

    /// As [`find`](Self::find), also if the operator demands more factors since: for what ends or replaces the session.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn find_to_end(
        &self,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<Option<SignedIn>, Error> {
        let Some(cookie) = &browser.session else {
            return Ok(None);
        };
        let found = self.sessions.find(cookie.digest(), now).await?;
        let lifetimes = &self.context.settings.lifetimes;
        if let Some(SignedIn { session, .. }) = &found
            && session.expires_at + lifetimes.session_idle_step()
                <= lifetimes.session_expiry(session.auth_time, now)
        {
            record_use(&*self.sessions, lifetimes, (session.id, session.auth_time), now).await;
        }
        Ok(found)
    }

    /// Begins a session of a user who authenticated with these methods, or renews the one this user has in this browser. The answer
    /// is the new value of the session cookie: it changes either way (against session fixation).
    ///
    /// `now` is a time before the password was read: if the password has changed since, the cookie finds no session. The event is
    /// recorded together with the session.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn sign_in(
        &self,
        (user, methods): (&User, Methods),
        browser: &Browser,
        event: &SignInEvent,
        now: DateTime<Utc>,
    ) -> Result<Secret, Error> {
        let cookie = Secret::from_random(self.context.entropy.bytes());
        match self.find_to_end(browser, now).await? {
            Some(SignedIn { session, .. }) if session.user == user.id => {
                let renewed = self.session((session.id, session.sid), user, methods, now);
                if self.sessions.renew(&renewed, cookie.digest(), event).await? {
                    return Ok(cookie);
                }
            }
            // Another user takes over the browser: the session of the user before ends.
            Some(SignedIn { session, .. }) => {
                self.end(&session, now).await?;
            }
            None => {}
        }
        let sid = Secret::from_random(self.context.entropy.bytes()).expose().to_owned();
        let id = SessionId::ordered(now, self.context.entropy.bytes());
        let most = self.context.settings.sessions_per_user;
        let session = self.session((id, sid), user, methods, now);
        let begun = self.sessions.begin(&session, cookie.digest(), most, event).await?;
        if begun == Begun::TooMany && self.sessions.end_beyond(user.id, id, most, now).await? > 0 {
            tracing::info!(user = %user.id, most, "ended the oldest session: the user has too many");
            self.logout_signal.send();
        }
        Ok(cookie)
    }

    /// Ends a session, and wakes the delivery of back-channel logout. The answer is every client that was granted something
    /// in it.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn end(&self, session: &Session, now: DateTime<Utc>) -> Result<Vec<(ClientId, Naming)>, Error> {
        let clients = self.sessions.end(session.id, now).await?;
        self.logout_signal.send();
        Ok(clients)
    }

    /// A session of a user who has authenticated with these methods at `now`.
    fn session(
        &self,
        (id, sid): (SessionId, String),
        user: &User,
        methods: Methods,
        now: DateTime<Utc>,
    ) -> Session {
        let settings = &self.context.settings;
        Session {
            id,
            sid,
            user: user.id,
            auth_time: now,
            acr: settings.authentication_contexts.strongest(methods).map(ToString::to_string),
            amr: methods.amr(),
            expires_at: settings.lifetimes.session_expiry(now, now),
        }
    }
}
