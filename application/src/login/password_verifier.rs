//! Verifying user names and passwords, for the login page and for the password grant.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::user::{Username, prepared_password};
use domain::{Secret, User};

use super::counters::{Counters, Guesser};
use super::device_cookie::DeviceCookies;
use super::recorder::{Failure, SignInRecorder};
use super::source::Source;
use crate::error::Error;
use crate::port::{Attempt, Attempts, Passwords, Users};

pub use super::counters::PasswordLimits;

/// The most bytes of a password. A longer one is not hashed: no user can have set it.
pub const MAX_PASSWORD_LENGTH: usize = 1024;

/// Verifies user names and passwords, and counts the failures.
pub struct PasswordVerifier {
    /// The users who can sign in.
    pub users: Arc<dyn Users>,
    /// Hashes and compares passwords.
    pub passwords: Arc<dyn Passwords>,
    /// Counts failures.
    pub attempts: Arc<dyn Attempts>,
    /// Tells known browsers from strangers.
    pub devices: DeviceCookies,
    /// How many failures.
    pub limits: PasswordLimits,
    /// Tells of every attempt.
    pub recorder: Arc<SignInRecorder>,
}

/// The outcome of verifying a user name and a password.
#[derive(Debug)]
pub enum Verified {
    /// They are those of this enabled user.
    User(Box<User>),
    /// The user name or the password is wrong, or the user is disabled. The caller does not learn which.
    Invalid,
    /// Not verified, because of too many failures: the next attempt is possible at this time.
    Limited(DateTime<Utc>),
}

impl PasswordVerifier {
    /// Verifies a user name and a password. The attempt is counted before the password is verified, so that concurrent guesses
    /// cannot exceed a limit. A failure is recorded here, a success by the caller.
    ///
    /// # Errors
    /// [`Error::Unavailable`], also when too many passwords wait to be hashed; then nothing is counted.
    pub async fn verify(
        &self,
        username: &str,
        password: &Secret,
        source: Source<'_>,
        now: DateTime<Utc>,
    ) -> Result<Verified, Error> {
        let username: Option<Username> = username.trim().parse().ok();
        let user = match &username {
            Some(username) => self.users.find_by_username(username).await?,
            None => None,
        };
        let name = username.as_ref().map(Username::key).unwrap_or_default();
        let id = user.as_ref().map(|user| user.id);
        let failed = |failure| self.recorder.failed(failure, id, source, now);
        let guesser = self.guesser(source, user.as_ref(), now);
        let counters = Counters::new(&guesser, &name, user.as_ref(), self.limits);
        if let Attempt::Limited(until) = self.attempts.count(&counters.all, now).await? {
            failed(Failure::LockedOut(until));
            return Ok(Verified::Limited(until));
        }
        let is_right = match self.is_right(password, user.as_ref()).await {
            Ok(is_right) => is_right,
            Err(error) => {
                self.attempts.forgive(&counters.on_nothing()).await?;
                return Err(error);
            }
        };
        let failure = match user {
            Some(user) if is_right && user.is_enabled() => {
                self.attempts.forgive(counters.on_success()).await?;
                return Ok(Verified::User(Box::new(self.with_renewed_hash(user, password).await)));
            }
            Some(_) if is_right => Failure::Disabled,
            Some(_) => Failure::WrongPassword,
            None => Failure::UnknownUser,
        };
        failed(failure);
        Ok(Verified::Invalid)
    }

    /// Replaces a hash that was made with older parameters, now that the password is known. A failure is no failure of the login.
    async fn with_renewed_hash(&self, user: User, password: &Secret) -> User {
        let (Some(before), Some(password)) = (&user.password, prepared_password(password)) else {
            return user;
        };
        if !self.passwords.is_outdated(before) {
            return user;
        }
        let renewed = async {
            let after = self.passwords.hash(password.expose()).await?;
            self.users.renew_hash(user.id, before, &after).await?;
            Ok::<_, Error>(after)
        };
        match renewed.await {
            Ok(after) => User { password: Some(after), ..user },
            Err(error) => {
                let user_id = user.id;
                tracing::warn!(%error, user = %user_id, "cannot renew the password hash; the next sign-in tries again");
                user
            }
        }
    }

    fn guesser<'a>(&self, source: Source<'a>, user: Option<&User>, now: DateTime<Utc>) -> Guesser<'a> {
        match source {
            Source::Browser { caller, device, .. } => match self.devices.find(device, user, now) {
                Some(device) => Guesser::Known(device),
                None => Guesser::Stranger(&caller.network),
            },
            Source::Application { caller, client } => Guesser::Application(client, &caller.network),
        }
    }

    /// An unknown user costs the same time.
    async fn is_right(&self, password: &Secret, user: Option<&User>) -> Result<bool, Error> {
        let hash = user.and_then(|user| user.password.as_ref());
        let prepared = prepared_password(password);
        let prepared = prepared.filter(|prepared| prepared.expose().len() <= MAX_PASSWORD_LENGTH);
        let is_right = self.passwords.verify(prepared.as_ref().map_or("", Secret::expose), hash).await?;
        Ok(is_right && prepared.is_some())
    }
}
