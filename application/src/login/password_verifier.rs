//! Verifying user names and passwords, for the login page and for the password grant.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::user::prepared_password;
use domain::{ErrorReference, Secret, SignInName, User, UserFactors};

use super::counters::{Counters, Guesser, on_nothing};
use super::device_cookie::DeviceCookies;
use super::recorder::{Failure, SignInRecorder};
use super::source::Source;
use crate::error::Error;
use crate::port::{Attempt, Attempts, Counter, Passwords, Users};
use crate::settings::SecondFactor;
use crate::users::factors::FactorVerifier;

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
    /// Logs, counts and records every attempt.
    pub recorder: Arc<SignInRecorder>,
    /// Finds and verifies second factors.
    pub factors: Arc<FactorVerifier>,
    /// Whether people need one.
    pub second_factor: SecondFactor,
}

/// What a user needs besides the right password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextFactor {
    /// Nothing.
    None,
    /// One of these factors.
    SecondStep(UserFactors),
    /// A second factor, which they have yet to turn on.
    Enrolment,
}

/// Whether an attempt may succeed.
enum Admitted<'a> {
    /// It is counted with these counters, and within all limits.
    Yes(&'a [Counter]),
    /// It is counted with these counters and fails until this time, whatever the password is. The failures before it were under another name of
    /// the account, and a message about the limit would reveal that both names belong to one person.
    Fails(&'a [Counter], DateTime<Utc>),
    /// It is over a limit until this time.
    Limited(DateTime<Utc>),
}

/// The outcome of verifying a user name and a password.
#[derive(Debug)]
pub enum Verified {
    /// They are those of this enabled user, who needs this besides.
    User(Box<User>, NextFactor),
    /// The user name or the password is wrong, the user is disabled, or the account is limited under another of its names. The
    /// caller does not learn which. The log has the reason under this reference.
    Invalid(ErrorReference),
    /// Not verified, because of too many failures: the next attempt is possible at this time.
    Limited(DateTime<Utc>, ErrorReference),
}

impl PasswordVerifier {
    /// Verifies a user name or e-mail address and a password. The attempt is counted before the password is verified, so that
    /// concurrent guesses cannot exceed a limit. A failure is recorded here, a success by the caller.
    ///
    /// # Errors
    /// [`Error::Unavailable`], also when too many passwords wait to be hashed; then nothing is counted.
    pub async fn verify(
        &self,
        name: &str,
        password: &Secret,
        source: Source<'_>,
        now: DateTime<Utc>,
    ) -> Result<Verified, Error> {
        let name = SignInName::typed(name);
        let user = self.users.find_by_sign_in_name(&name).await?;
        let id = user.as_ref().map(|user| user.id);
        let failed = |failure| self.recorder.failed(failure, id, source, now);
        let guesser = self.guesser(source, user.as_ref(), now);
        let counters = Counters::new(&guesser, &name, user.as_ref(), self.limits);
        let (counted, locked_until) = match self.admit(&counters, now).await? {
            Admitted::Yes(counted) => (counted, None),
            Admitted::Fails(counted, until) => (counted, Some(until)),
            Admitted::Limited(until) => {
                return Ok(Verified::Limited(until, failed(Failure::LockedOut(until))));
            }
        };
        let is_right = match self.is_right(password, user.as_ref()).await {
            Ok(is_right) => is_right,
            Err(error) => {
                self.attempts.forgive(&on_nothing(counted)).await?;
                return Err(error);
            }
        };
        let failure = match (user, locked_until) {
            (Some(user), None) if is_right && user.is_enabled() => {
                self.attempts.forgive(counters.on_success()).await?;
                let next = self.next_factor(&user).await?;
                return Ok(Verified::User(Box::new(self.with_renewed_hash(user, password).await), next));
            }
            (Some(_), Some(until)) => Failure::LockedOut(until),
            (Some(_), None) if is_right => Failure::Disabled,
            (Some(_), None) => Failure::WrongPassword,
            (None, _) => Failure::UnknownUser,
        };
        Ok(Verified::Invalid(failed(failure)))
    }

    async fn next_factor(&self, user: &User) -> Result<NextFactor, Error> {
        let factors = self.factors.find(user.id).await?;
        Ok(match self.second_factor {
            _ if factors.ask_for_second_step() => NextFactor::SecondStep(factors),
            SecondFactor::Required => NextFactor::Enrolment,
            SecondFactor::Optional => NextFactor::None,
        })
    }

    /// Counts an attempt: with all counters in one call, and in a second one only if a limit was reached.
    async fn admit<'a>(&self, counters: &'a Counters, now: DateTime<Utc>) -> Result<Admitted<'a>, Error> {
        let until = match self.attempts.count(counters.all(), now).await? {
            Attempt::Allowed => return Ok(Admitted::Yes(counters.all())),
            Attempt::Limited(until) => until,
        };
        let Some(told) = counters.told() else {
            return Ok(Admitted::Limited(until));
        };
        Ok(match self.attempts.count(told, now).await? {
            Attempt::Allowed => Admitted::Fails(told, until),
            Attempt::Limited(until) => Admitted::Limited(until),
        })
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
