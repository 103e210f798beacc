//! Whose user name and password these are: on the login page and for the password grant alike.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::user::Username;
use domain::{Secret, User};

use crate::error::Error;
use crate::port::{Attempt, AttemptKey, Attempts, Limit, Passwords, Users};

/// How many accounts' worth of failures one address may cause.
const ACCOUNTS_PER_ADDRESS: u32 = 10;
/// Longer passwords are not hashed: nobody set one.
pub const LONGEST_PASSWORD: usize = 1024;

/// Judges user names and passwords, and counts the failures.
pub struct PasswordVerifier {
    /// Who can sign in.
    pub users: Arc<dyn Users>,
    /// Verifies passwords.
    pub passwords: Arc<dyn Passwords>,
    /// Counts failures.
    pub attempts: Arc<dyn Attempts>,
    /// How many failures per account and address.
    pub limit: Limit,
}

/// What a user name and a password turned out to be.
#[derive(Debug)]
pub enum Verified {
    /// This enabled user's.
    User(Box<User>),
    /// Nobody's: which of the two is wrong is nobody's business.
    Nobody,
    /// Not judged: too many failures, until then.
    Limited(DateTime<Utc>),
}

impl PasswordVerifier {
    /// Whether these are a user's name and password, sent from `address`; counted before it is judged, so that
    /// concurrent guesses cannot slip through.
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
                Limit { attempts: limit.attempts.saturating_mul(ACCOUNTS_PER_ADDRESS), ..limit },
            ),
        ];
        for (position, (key, limit)) in counters.iter().enumerate() {
            if let Attempt::Limited(until) = self.attempts.count(*key, *limit, now).await? {
                self.forgive(&counters[..position]).await?;
                return Ok(Verified::Limited(until));
            }
        }
        let user = match &username {
            Some(username) => self.users.find_by_username(username).await?,
            None => None,
        };
        let hash = user.as_ref().and_then(|user| user.password.as_ref());
        let fits = password.expose().len() <= LONGEST_PASSWORD;
        let right = match self.passwords.verify(if fits { password.expose() } else { "" }, hash).await {
            Ok(right) => right && fits,
            Err(error) => {
                self.forgive(&counters).await?;
                return Err(error.into());
            }
        };
        match user {
            Some(user) if right && user.is_enabled() => {
                self.forgive(&counters).await?;
                Ok(Verified::User(Box::new(user)))
            }
            Some(_) | None => Ok(Verified::Nobody),
        }
    }

    async fn forgive(&self, counters: &[(AttemptKey, Limit)]) -> Result<(), Error> {
        for (key, _) in counters {
            self.attempts.forgive(*key).await?;
        }
        Ok(())
    }
}
