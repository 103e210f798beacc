//! One-time links: an operator gives them out, a person opens and redeems them.
//!
//! See docs/decisions/links-and-mail.md.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::letter::Message;
use domain::{
    Actor, AuditEvent, Author, Changes, EmailAddress, Letter, LinkKind, LinkPurpose, OneTimeLink, Secret,
    User,
};
use serde::Serialize;
use serde_json::Value;

use super::error::UserAdministrationError;
use super::mail::MailWriter;
use super::password_rule::{Owner, WeakPassword, judge};
use crate::context::Context;
use crate::error::Error;
use crate::port::{IssuedLink, LinkUse, OneTimeLinks, Passwords, UsedLink};

/// Issues, opens and redeems one-time links.
pub struct UserLinks {
    /// The store of the links.
    pub links: Arc<dyn OneTimeLinks>,
    /// Hashes passwords.
    pub passwords: Arc<dyn Passwords>,
    /// Writes mails, if mail is set up.
    pub mail: Option<Arc<MailWriter>>,
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
    /// The address that it is also mailed to, if mail is set up and the user has an address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mailed_to: Option<String>,
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
    /// Makes a link for a user, and mails it. The earlier link of its kind stops working.
    ///
    /// # Errors
    /// [`UserAdministrationError`]; then no link is made.
    pub async fn issue(
        &self,
        user: &User,
        purpose: LinkPurpose,
        author: impl Into<Author> + Send,
    ) -> Result<NewLink, UserAdministrationError> {
        self.issue_in(user, purpose, &[], author).await
    }

    /// As [`issue`](Self::issue), with a mail in the first of `languages` if the user has no language.
    pub(crate) async fn issue_in(
        &self,
        user: &User,
        purpose: LinkPurpose,
        languages: &[String],
        author: impl Into<Author> + Send,
    ) -> Result<NewLink, UserAdministrationError> {
        if let LinkPurpose::EmailChange(email) = &purpose {
            user.with_verified_email(email)?;
        }
        let kind = purpose.kind();
        let now = self.context.now();
        let token = Secret::from_random(self.context.entropy.bytes());
        let expires_at = now + kind.lifetime();
        let page = self.context.settings.issuer.endpoint(kind.path());
        let link = format!("{page}?token={}", token.expose());
        let event = AuditEvent::new(now, author, action(kind), &user.id);
        let mut event = event.with_changes(changes(user, &purpose));
        let mailed_to = match (&self.mail, recipient(user, &purpose)) {
            (Some(mail), Some(to)) => {
                let letter = Letter::new(user, &to, languages, message(kind, link.clone(), expires_at));
                event.mails.push(mail.letter(letter, expires_at)?);
                Some(to)
            }
            (Some(_) | None, _) => None,
        };
        let kept = OneTimeLink { digest: token.digest(), user: user.id, purpose, expires_at };
        match self.links.issue(&kept, user.email(), &event).await.map_err(Error::from)? {
            IssuedLink::Done => Ok(NewLink { kind: kind.as_str(), link, expires_at, mailed_to }),
            IssuedLink::Unknown => Err(UserAdministrationError::CannotSignIn),
            IssuedLink::AddressChanged => Err(UserAdministrationError::Contended),
            IssuedLink::HasPassword => Err(UserAdministrationError::HasPassword),
        }
    }

    /// Finds a link of this kind without redeeming it, because mail scanners open links too. None if it is invalid or expired.
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
        let Some((purpose, user)) = self.open(kind, token).await? else {
            return Ok(Redeemed::Ended);
        };
        let password = match judge(password, &Owner::from(&user), &self.context.settings) {
            Ok(password) => password,
            Err(weak) => return Ok(Redeemed::Weak(Box::new(user), weak)),
        };
        let hash = self.passwords.hash(password.expose()).await?;
        self.redeem((purpose, user), token, &LinkUse::Password(hash), address).await
    }

    /// Redeems a link that changes an e-mail address, for a request from `address`.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only. Then the link still works.
    pub async fn change_email(&self, token: &Secret, address: &str) -> Result<Redeemed, Error> {
        match self.open(LinkKind::EmailChange, token).await? {
            Some(opened) => self.redeem(opened, token, &LinkUse::Email, address).await,
            None => Ok(Redeemed::Ended),
        }
    }

    /// Redeems the link and queues a notice to the address that the person had before.
    async fn redeem(
        &self,
        (purpose, user): (LinkPurpose, User),
        token: &Secret,
        with: &LinkUse,
        address: &str,
    ) -> Result<Redeemed, Error> {
        let at = self.context.now();
        let author = Author::at(Actor::Person(user.id), address);
        let event = AuditEvent::new(at, author, redemption(purpose.kind()), &user.id);
        let mut event = event.with_changes(changes(&user, &purpose));
        let address = Some(address.to_owned());
        let notice = match &purpose {
            LinkPurpose::Invitation => None,
            LinkPurpose::PasswordReset => Some(Message::PasswordChanged { at, address }),
            LinkPurpose::EmailChange(email) => {
                (user.email() != Some(email)).then_some(Message::EmailChanged { at, address })
            }
        };
        if let (Some(mail), Some(notice)) = (&self.mail, notice) {
            mail.notify(&user, notice, &mut event)?;
        }
        Ok(match self.links.redeem(token.digest(), with, at, &event).await? {
            UsedLink::Done => Redeemed::Done(Box::new(user)),
            UsedLink::Invalid => Redeemed::Ended,
        })
    }
}

/// The e-mail address that the link changes, for the audit trail: what it is, and what it becomes.
fn changes(user: &User, purpose: &LinkPurpose) -> Changes {
    let members =
        |email: Option<&str>| email.map(|email| ("email".to_owned(), Value::from(email))).into_iter();
    match purpose {
        LinkPurpose::EmailChange(email) => {
            Changes::between(&members(user.email()).collect(), &members(Some(email)).collect())
        }
        LinkPurpose::Invitation | LinkPurpose::PasswordReset => Changes::default(),
    }
}

/// The address that a link is mailed to: a new address is confirmed by itself.
fn recipient(user: &User, purpose: &LinkPurpose) -> Option<String> {
    let address: Option<EmailAddress> = match purpose {
        LinkPurpose::EmailChange(email) => email.parse().ok(),
        LinkPurpose::Invitation | LinkPurpose::PasswordReset => user.email_address(),
    };
    address.map(|address| address.to_mailbox())
}

fn message(kind: LinkKind, link: String, expires_at: DateTime<Utc>) -> Message {
    match kind {
        LinkKind::Invitation => Message::Invitation { link, expires_at },
        LinkKind::PasswordReset => Message::PasswordReset { link, expires_at },
        LinkKind::EmailChange => Message::ConfirmEmail { link, expires_at },
    }
}

impl fmt::Debug for NewLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewLink").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// The audit action for issuing a link.
const fn action(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::Invitation => "user.invite",
        LinkKind::PasswordReset => "user.reset-link",
        LinkKind::EmailChange => "user.email-link",
    }
}

/// The audit action for redeeming a link.
const fn redemption(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::Invitation => "user.accept-invitation",
        LinkKind::PasswordReset => "user.reset-password",
        LinkKind::EmailChange => "user.change-email",
    }
}
