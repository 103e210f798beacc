//! The first administrator: a one-time link, valid for 30 minutes.

use std::sync::Arc;

use chrono::Duration;
use domain::claims::ProfileClaims;
use domain::user::Username;
use domain::{Actor, AuditEvent, Secret, User, UserId};

use crate::client_auth::unavailable;
use crate::error::{Advice, Error, Refusal};
use crate::port::{self, Clock, Entropy, Passwords, SetUpLinks};
use crate::users::password_rule::{self, WeakPassword};

/// How long a link works.
pub const LIFETIME_MINUTES: i64 = 30;

/// Offers the link and redeems it.
pub struct SetUp {
    /// Where the link is kept.
    pub links: Arc<dyn SetUpLinks>,
    /// Hashes the password.
    pub passwords: Arc<dyn Passwords>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// For the link.
    pub entropy: Arc<dyn Entropy>,
}

/// What became of the set-up form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetUpOutcome {
    /// The administrator exists.
    Done,
    /// The form has to be filled in differently.
    Problem(SetUpProblem),
}

/// Why the set-up form does not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetUpProblem {
    /// The user name has not 1 to 128 characters.
    UsernameLength,
    /// Somebody has that user name.
    UsernameTaken,
    /// The password cannot be set.
    Password(WeakPassword),
}

impl SetUp {
    /// A new link's token, unless an administrator exists. Earlier links stop working.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn offer(&self) -> Result<Option<Secret>, Error> {
        let token = Secret::from_random(self.entropy.bytes());
        let expires_at = self.clock.now() + Duration::minutes(LIFETIME_MINUTES);
        let offered = self.links.offer(token.digest(), expires_at).await?;
        Ok(offered.then_some(token))
    }

    /// Whether the link works.
    ///
    /// # Errors
    /// `invalid_request` when it does not.
    pub async fn open(&self, token: &Secret) -> Result<(), Error> {
        if self.links.is_open(token.digest(), self.clock.now()).await? {
            Ok(())
        } else {
            Err(invalid_link().into())
        }
    }

    /// Makes the first administrator.
    ///
    /// # Errors
    /// `invalid_request` when the link does not work, or no longer.
    pub async fn create(
        &self,
        token: &Secret,
        username: &str,
        password: &Secret,
    ) -> Result<SetUpOutcome, Error> {
        self.open(token).await?;
        let Ok(username) = username.trim().parse::<Username>() else {
            return Ok(SetUpOutcome::Problem(SetUpProblem::UsernameLength));
        };
        if let Err(problem) = password_rule::check(password.expose(), username.as_str()) {
            return Ok(SetUpOutcome::Problem(SetUpProblem::Password(problem)));
        }
        let hash = self.passwords.hash(password.expose()).await.map_err(unavailable)?;
        let now = self.clock.now();
        let administrator = User {
            id: UserId::from_random(self.entropy.bytes()),
            username,
            password: Some(hash),
            claims: ProfileClaims::default(),
            administrator: true,
            disabled_at: None,
            created_at: now,
            updated_at: now,
        };
        let event = AuditEvent::new(now, Actor::SetUp, "user.create", &administrator.id);
        match self.links.redeem(token.digest(), &administrator, now, &event).await? {
            port::RedeemedLink::Done => Ok(SetUpOutcome::Done),
            port::RedeemedLink::UsernameTaken => Ok(SetUpOutcome::Problem(SetUpProblem::UsernameTaken)),
            port::RedeemedLink::Invalid => Err(invalid_link().into()),
        }
    }
}

fn invalid_link() -> Refusal {
    Refusal::invalid_request("this set-up link is used up or has expired; restart the server for a new one")
        .advising(Advice::RestartServer)
}
