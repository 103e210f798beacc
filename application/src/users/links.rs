//! One-time links: an operator gives them out, a person opens and redeems them.
//!
//! See docs/decisions/links-and-mail.md.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{Actor, AuditEvent, Author, LinkKind, LinkPurpose, OneTimeLink, Secret, User, UserId};
use serde::Serialize;

use super::error::UserAdministrationError;
use super::password_rule::{self, WeakPassword};
use crate::context::Context;
use crate::error::Error;
use crate::port::{IssuedLink, LinkUse, OneTimeLinks, Passwords, UsedLink};

/// Issues, opens and redeems one-time links.
pub struct UserLinks {
    /// The store of the links.
    pub links: Arc<dyn OneTimeLinks>,
    /// Hashes passwords.
    pub passwords: Arc<dyn Passwords>,
    /// The issuer and the clock, and entropy for tokens.
    pub context: Context,
}

/// A link, to be given to its person. It is shown once.
#[derive(Clone, Serialize)]
pub struct NewLink {
    /// What it does: `invitation`, `password_reset` or `email_change`.
    pub kind: &'static str,
    /// Its address, with the token.
    pub link: String,
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
}

/// What became of a form that redeems a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Redeemed {
    /// The link is spent, and the user is changed.
    Done(Box<User>),
    /// The password is too weak. The link still works.
    Weak(Box<User>, WeakPassword),
    /// The link is spent, has ended or expired, or is not for this.
    Ended,
}

impl UserLinks {
    /// Makes a link for a user. The earlier link of its kind stops working.
    ///
    /// # Errors
    /// [`UserAdministrationError`]; then no link is made.
    pub async fn issue(
        &self,
        user: UserId,
        purpose: LinkPurpose,
        author: impl Into<Author> + Send,
    ) -> Result<NewLink, UserAdministrationError> {
        let kind = purpose.kind();
        let now = self.context.now();
        let token = Secret::from_random(self.context.entropy.bytes());
        let expires_at = now + kind.lifetime();
        let link = OneTimeLink { digest: token.digest(), user, purpose, expires_at };
        let event = AuditEvent::new(now, author, action(kind), &user);
        match self.links.issue(&link, &event).await.map_err(Error::from)? {
            IssuedLink::Done => {
                let page = self.context.settings.issuer.endpoint(kind.path());
                let link = format!("{page}?token={}", token.expose());
                Ok(NewLink { kind: kind.as_str(), link, expires_at })
            }
            IssuedLink::Unknown => Err(UserAdministrationError::CannotSignIn),
            IssuedLink::HasPassword => Err(UserAdministrationError::HasPassword),
        }
    }

    /// Looks at a link of this kind, and uses nothing up: a scanner of mails opens it too. None if it does not work, or no longer.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn open(&self, kind: LinkKind, token: &Secret) -> Result<Option<(LinkPurpose, User)>, Error> {
        let found = self.links.find(token.digest(), self.context.now()).await?;
        Ok(found.filter(|(link, _)| link.purpose.kind() == kind).map(|(link, user)| (link.purpose, user)))
    }

    /// Redeems a link with a new password, for a request from `address`.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only. Then the link still works.
    pub async fn set_password(
        &self,
        kind: LinkKind,
        token: &Secret,
        password: &Secret,
        address: &str,
    ) -> Result<Redeemed, Error> {
        let Some((_, user)) = self.open(kind, token).await? else {
            return Ok(Redeemed::Ended);
        };
        let password = match password_rule::check(password, &user.username) {
            Ok(password) => password,
            Err(weak) => return Ok(Redeemed::Weak(Box::new(user), weak)),
        };
        let hash = self.passwords.hash(password.expose()).await?;
        self.redeem(kind, token, &LinkUse::Password(hash), user, address).await
    }

    /// Redeems a link that changes an e-mail address, for a request from `address`.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only. Then the link still works.
    pub async fn change_email(&self, token: &Secret, address: &str) -> Result<Redeemed, Error> {
        match self.open(LinkKind::EmailChange, token).await? {
            Some((_, user)) => {
                self.redeem(LinkKind::EmailChange, token, &LinkUse::Email, user, address).await
            }
            None => Ok(Redeemed::Ended),
        }
    }

    async fn redeem(
        &self,
        kind: LinkKind,
        token: &Secret,
        with: &LinkUse,
        user: User,
        address: &str,
    ) -> Result<Redeemed, Error> {
        let now = self.context.now();
        let author = Author::at(Actor::Person(user.id), address);
        let event = AuditEvent::new(now, author, redemption(kind), &user.id);
        Ok(match self.links.redeem(token.digest(), with, now, &event).await? {
            UsedLink::Done => Redeemed::Done(Box::new(user)),
            UsedLink::Invalid => Redeemed::Ended,
        })
    }
}

impl fmt::Debug for NewLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewLink").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// What the audit trail calls the issue of a link.
const fn action(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::Invitation => "user.invite",
        LinkKind::PasswordReset => "user.reset-link",
        LinkKind::EmailChange => "user.email-link",
    }
}

/// What the audit trail calls the redemption of a link.
const fn redemption(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::Invitation => "user.accept-invitation",
        LinkKind::PasswordReset => "user.reset-password",
        LinkKind::EmailChange => "user.change-email",
    }
}
