//! Verifying user names and passwords, for the login page and for the password grant.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::user::{Username, prepared_password};
use domain::{Secret, User};

use crate::error::Error;
use crate::port::{Attempt, AttemptKey, Attempts, Limit, Passwords, Users};

/// An address may cause as many failures as this number of accounts: enough for an office, and few enough that hashing them does
/// not keep others waiting. Invented names count like real ones, or the limit would tell them apart.
const MAX_ACCOUNTS_PER_ADDRESS: u32 = 100;
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
    /// How many failures per account and address.
    pub limit: Limit,
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
    /// Verifies a user name and a password that were sent from `address`. The attempt is counted before it is verified, so
    /// that concurrent guesses cannot exceed the limit.
    ///
    /// # Errors
    /// [`Error::Unavailable`], also when too many passwords wait to be hashed; then nothing is counted.
    pub async fn verify(
        &self,
        username: &str,
        password: &Secret,
        address: &str,
        now: DateTime<Utc>,
    ) -> Result<Verified, Error> {
        let limit = self.limit;
        let username: Option<Username> = username.trim().parse().ok();
        let name = username.as_ref().map(Username::key).unwrap_or_default();
        let counters = [
            (AttemptKey::new("login.account", &[&name, address]), limit),
            (
                AttemptKey::new("login.address", &[address]),
                Limit { attempts: limit.attempts.saturating_mul(MAX_ACCOUNTS_PER_ADDRESS), ..limit },
            ),
        ];
        for (position, (key, limit)) in counters.iter().enumerate() {
            if let Attempt::Limited(until) = self.attempts.count(*key, *limit, now).await? {
                self.forgive(&counters[..position]).await?;
                tracing::warn!(address, %until, reason = "too many failures", "sign-in failed");
                return Ok(Verified::Limited(until));
            }
        }
        let user = match &username {
            Some(username) => self.users.find_by_username(username).await?,
            None => None,
        };
        let hash = user.as_ref().and_then(|user| user.password.as_ref());
        let prepared = prepared_password(password);
        let prepared = prepared.filter(|prepared| prepared.expose().len() <= MAX_PASSWORD_LENGTH);
        let is_right = match self.passwords.verify(prepared.as_ref().map_or("", Secret::expose), hash).await {
            Ok(is_right) => is_right && prepared.is_some(),
            Err(error) => {
                self.forgive(&counters).await?;
                return Err(error.into());
            }
        };
        match user {
            Some(user) if is_right && user.is_enabled() => {
                self.forgive(&counters).await?;
                self.renew_hash(&user, prepared.as_ref()).await;
                tracing::info!(address, user = %user.id, "sign-in succeeded");
                Ok(Verified::User(Box::new(user)))
            }
            Some(user) => {
                let reason = if is_right { "the user is disabled" } else { "wrong password" };
                tracing::warn!(address, user = %user.id, reason, "sign-in failed");
                Ok(Verified::Invalid)
            }
            None => {
                // What was typed may be a password, so it is not logged.
                tracing::warn!(address, reason = "unknown user name", "sign-in failed");
                Ok(Verified::Invalid)
            }
        }
    }

    /// Replaces a hash that was made with older parameters, now that the password is known. A failure is no failure of the login.
    async fn renew_hash(&self, user: &User, password: Option<&Secret>) {
        let (Some(before), Some(password)) = (&user.password, password) else {
            return;
        };
        if !self.passwords.is_outdated(before) {
            return;
        }
        let renewed = async {
            let after = self.passwords.hash(password.expose()).await?;
            self.users.renew_hash(user.id, before, &after).await?;
            Ok::<_, Error>(())
        };
        if let Err(error) = renewed.await {
            tracing::warn!(%error, user = %user.id, "cannot renew the password hash; the next sign-in tries again");
        }
    }

    async fn forgive(&self, counters: &[(AttemptKey, Limit)]) -> Result<(), Error> {
        for (key, _) in counters {
            self.attempts.forgive(*key).await?;
        }
        Ok(())
    }
}
