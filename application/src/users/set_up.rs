//! Making the first administrator, by a link that works once, within 30 minutes.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use domain::claims::ProfileClaims;
use domain::user::Username;
use domain::{Actor, AuditEvent, Author, Changes, Secret, User, UserId};

use crate::context::Context;
use crate::error::{Advice, Error, Refusal};
use crate::port::{self, LinkStatus, Passwords, SetUpLinks};
use crate::users::administration::members;
use crate::users::password_rule::{Owner, WeakPassword, judge};

/// How long a link works.
pub const LIFETIME_MINUTES: i64 = 30;

/// Offers the link, and makes the administrator.
pub struct SetUp {
    /// The store of the link.
    pub links: Arc<dyn SetUpLinks>,
    /// Hashes the password.
    pub passwords: Arc<dyn Passwords>,
    /// The clock, and entropy for the link.
    pub context: Context,
}

/// The outcome of offering a link.
#[derive(Debug)]
pub enum OfferedLink {
    /// The token of the new link.
    New(Secret),
    /// Another node has offered a link that still works.
    Before,
    /// An administrator exists.
    AlreadySetUp,
}

/// The result of the set-up form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetUpOutcome {
    /// The administrator exists.
    Done,
    /// An administrator exists already.
    AlreadySetUp,
    /// The form has an invalid value.
    Problem(SetUpProblem),
}

/// Which value of the set-up form is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetUpProblem {
    /// It is not a user name.
    InvalidUsername,
    /// Another user has this user name.
    UsernameTaken,
    /// The password is too weak.
    Password(WeakPassword),
}

impl SetUp {
    /// Makes the token of a new link, unless there is an administrator. Earlier links stop working.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn offer(&self) -> Result<OfferedLink, Error> {
        self.offer_unless(None).await
    }

    /// As [`offer`](Self::offer), unless another node has offered a link that still works.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn offer_once(&self) -> Result<OfferedLink, Error> {
        self.offer_unless(Some(self.context.now())).await
    }

    async fn offer_unless(&self, live_at: Option<DateTime<Utc>>) -> Result<OfferedLink, Error> {
        let token = Secret::from_random(self.context.entropy.bytes());
        let expires_at = self.context.now() + Duration::minutes(LIFETIME_MINUTES);
        Ok(match self.links.offer(token.digest(), expires_at, live_at).await? {
            port::Offered::Done => OfferedLink::New(token),
            port::Offered::Before => OfferedLink::Before,
            port::Offered::AlreadySetUp => OfferedLink::AlreadySetUp,
        })
    }

    /// Checks that the link works. It is false if an administrator exists already.
    ///
    /// # Errors
    /// `invalid_request` when it was never offered, was replaced, or has expired.
    pub async fn open(&self, token: &Secret) -> Result<bool, Error> {
        match self.links.status(token.digest(), self.context.now()).await? {
            LinkStatus::Open => Ok(true),
            LinkStatus::AlreadySetUp => Ok(false),
            LinkStatus::Invalid => Err(invalid_link().into()),
        }
    }

    /// Makes the first administrator, for a request from `address`.
    ///
    /// # Errors
    /// `invalid_request` when the link does not work, or no longer.
    pub async fn create(
        &self,
        token: &Secret,
        username: &str,
        password: &Secret,
        address: &str,
    ) -> Result<SetUpOutcome, Error> {
        if !self.open(token).await? {
            return Ok(SetUpOutcome::AlreadySetUp);
        }
        let Ok(username) = username.trim().parse::<Username>() else {
            return Ok(SetUpOutcome::Problem(SetUpProblem::InvalidUsername));
        };
        let claims = ProfileClaims::default();
        let owner = Owner { username: &username, claims: &claims };
        let password = match judge(password, &owner, &self.context.settings) {
            Ok(password) => password,
            Err(problem) => return Ok(SetUpOutcome::Problem(SetUpProblem::Password(problem))),
        };
        let hash = self.passwords.hash(password.expose()).await.map_err(Error::from)?;
        let now = self.context.now();
        let administrator = User {
            id: UserId::from_random(self.context.entropy.bytes()),
            username,
            password: Some(hash),
            claims,
            administrator: true,
            disabled_at: None,
            unlocked_at: None,
            created_at: now,
            updated_at: now,
        };
        let event = AuditEvent::new(now, Author::at(Actor::SetUp, address), "user.create", &administrator.id)
            .with_changes(Changes::new_object(&members(&administrator)));
        match self.links.redeem(token.digest(), &administrator, now, &event).await? {
            port::RedeemedLink::Done => Ok(SetUpOutcome::Done),
            port::RedeemedLink::UsernameTaken => Ok(SetUpOutcome::Problem(SetUpProblem::UsernameTaken)),
            port::RedeemedLink::AlreadySetUp => Ok(SetUpOutcome::AlreadySetUp),
            port::RedeemedLink::Invalid => Err(invalid_link().into()),
        }
    }
}

fn invalid_link() -> Refusal {
    Refusal::invalid_request("this set-up link was replaced or has expired; restart the server for a new one")
        .advising(Advice::RestartServer)
}
