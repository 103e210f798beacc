//! People make their own accounts, if the operator lets them.
//!
//! See docs/decisions/sign-up.md.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use domain::letter::Message;
use domain::user::{Username, prepared_password};
use domain::{
    Actor, AuditEvent, Author, Changes, EmailAddress, Letter, Secret, SignInName, SignUpMode, User, UserId,
};

use super::content::Content;
use super::draft::Draft;
use super::new_account::{NewAccount, SignUpProblem, claims, first_username, is_taken, judged};
use super::writer::MailWriter;
use crate::browser::Browser;
use crate::context::Context;
use crate::error::Error;
use crate::keys::sealed_texts::SealedTexts;
use crate::port::{Attempt, AttemptKey, Attempts, Counter, InsertedUser, Limit, MailQueue, Passwords, Users};
use crate::users::administration::members;
use crate::users::password_rule::{Owner, judge};

/// How long a request waits at most to be answered.
const ANSWER_LIFETIME: Duration = Duration::hours(1);
/// How long the link in the mail works.
const LINK_LIFETIME: Duration = Duration::days(1);
/// Mails to one address: enough for a person whose mail is slow, and no flood of a mailbox.
const PER_MAILBOX: Limit = Limit { attempts: 3, window: Duration::hours(1) };
/// Requests from one address: a whole office may share it.
const PER_ADDRESS: Limit = Limit { attempts: 20, window: Duration::hours(1) };
/// All requests together: each hashes a password.
const OF_ALL: Limit = Limit { attempts: 1_000, window: Duration::hours(1) };
/// Wrong passwords for one link, when it is opened in another browser.
const PER_LINK: Limit = Limit { attempts: 10, window: Duration::hours(1) };
/// How many user names are tried for an account: the first part of the address, then with a number, then with a random one.
const MAX_NAMES: u32 = 12;
/// What links are sealed for.
const PURPOSE: &str = "sign-up";

/// Takes requests for accounts and makes the accounts.
pub struct SignUp {
    /// The users.
    pub users: Arc<dyn Users>,
    /// Hashes and verifies passwords.
    pub passwords: Arc<dyn Passwords>,
    /// Counts requests.
    pub attempts: Arc<dyn Attempts>,
    /// The queue of requests.
    pub queue: Arc<dyn MailQueue>,
    /// Seals requests and letters.
    pub writer: Arc<MailWriter>,
    /// Seals links.
    pub sealed: Arc<SealedTexts>,
    /// The settings, the clock, and entropy.
    pub context: Context,
}

/// What became of a request. It says nothing about other accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requested {
    /// A mail is on its way.
    Done,
    /// There were too many requests: the next one is possible at this time.
    Limited(DateTime<Utc>),
    /// Something typed cannot be taken.
    Problem(SignUpProblem),
}

/// A link that works.
pub struct OpenedDraft {
    /// The request.
    pub draft: Draft,
    /// Whether this browser sent the request. Another one has to know the password.
    pub is_same_browser: bool,
}

/// What became of the form that makes the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignedUp {
    /// The account exists.
    Done(Box<User>),
    /// It exists, and waits for an administrator.
    Waiting(Box<User>),
    /// The password is another than that of the request.
    WrongPassword,
    /// Too many wrong passwords: the next attempt is possible at this time.
    Limited(DateTime<Utc>),
    /// The link has expired, or the address has an account by now.
    Over,
}

impl SignUp {
    /// Takes a request. It looks at no account.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn ask(&self, new: NewAccount<'_>, browser: &Secret) -> Result<Requested, Error> {
        let now = self.context.now();
        let (email, username, claims) = match judged(&new, &self.context.settings.sign_up.domains) {
            Ok(judged) => judged,
            Err(problem) => return Ok(Requested::Problem(problem)),
        };
        let owner = Owner { username: &username, claims: &claims };
        let password = match judge(&new.password, &owner, &self.context.settings) {
            Ok(password) => password,
            Err(weak) => return Ok(Requested::Problem(SignUpProblem::Password(weak))),
        };
        let shared = [
            Counter::new(AttemptKey::new("sign-up.address", &[new.network]), PER_ADDRESS),
            Counter::new(AttemptKey::new("sign-up", &[]), OF_ALL),
        ];
        if let Attempt::Limited(until) = self.attempts.count(&shared, now).await? {
            return Ok(Requested::Limited(until));
        }
        let draft = Draft {
            name: new.name.trim().to_owned(),
            email: email.to_text(),
            password: self.passwords.hash(password.expose()).await?,
            locale: new.languages.into_iter().next(),
            browser: browser.digest(),
            expires_at: now + LINK_LIFETIME,
        };
        self.queue.queue(&self.writer.queued(&Content::SignUp(draft), now + ANSWER_LIFETIME)?).await?;
        Ok(Requested::Done)
    }

    /// Sends a link to the address, or the advice to sign in if it has an account. Beyond its limit, nothing is sent.
    pub(super) async fn answer(&self, draft: &Draft) -> Result<(), Error> {
        let Ok(address) = draft.email.parse::<EmailAddress>() else { return Ok(()) };
        let now = self.context.now();
        let mailbox = AttemptKey::new("sign-up.mailbox", &[&address.key()]);
        if self.attempts.count(&[Counter::new(mailbox, PER_MAILBOX)], now).await? != Attempt::Allowed {
            tracing::warn!("too many requests for an account with one e-mail address; no mail is sent");
            return Ok(());
        }
        let issuer = &self.context.settings.issuer;
        let known = self.users.find_by_sign_in_name(&SignInName::typed(&draft.email)).await?;
        let (message, until) = match &known {
            Some(_) => (Message::AccountExists { link: issuer.endpoint("/login") }, now + ANSWER_LIFETIME),
            None => {
                let token = self.sealed.seal(PURPOSE, draft, 0)?;
                let link = format!("{}?token={token}", issuer.endpoint("/register/confirm"));
                (Message::SignUp { link, expires_at: draft.expires_at }, draft.expires_at)
            }
        };
        let letter = match &known {
            // An address that somebody else has as a user name gets the letter, but learns nothing about that account.
            Some(user) if user.email_address().is_some_and(|own| own.key() == address.key()) => {
                Letter::new(user, &address.to_mailbox(), &locales(draft), message)
            }
            Some(_) | None => Letter {
                to: address.to_mailbox(),
                languages: locales(draft),
                username: draft.email.clone(),
                message,
            },
        };
        self.queue.queue(&self.writer.letter(letter, until)?).await?;
        Ok(())
    }

    /// Opens a link without making the account, because mail scanners open links too. None if it is invalid or expired.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn open(&self, token: &str, browser: &Browser) -> Result<Option<OpenedDraft>, Error> {
        let draft = self.sealed.open::<Draft>(PURPOSE, token)?;
        let live = draft.filter(|draft| {
            draft.expires_at > self.context.now()
                && is_taken(&draft.email, &self.context.settings.sign_up.domains)
        });
        let Some(draft) = live.filter(|_| self.context.settings.sign_up.mode == SignUpMode::Open) else {
            return Ok(None);
        };
        if self.users.find_by_sign_in_name(&SignInName::typed(&draft.email)).await?.is_some() {
            return Ok(None);
        }
        let is_same_browser =
            browser.binding.as_ref().is_some_and(|binding| binding.digest() == draft.browser);
        Ok(Some(OpenedDraft { draft, is_same_browser }))
    }

    /// Makes the account, for a request from `address`. In another browser than that of the request, `password` has to be that of the
    /// request: who reads the mail may not be who chose the password.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only. Then the link still works.
    pub async fn confirm(
        &self,
        token: &str,
        browser: &Browser,
        password: &Secret,
        address: &str,
    ) -> Result<SignedUp, Error> {
        let Some(OpenedDraft { draft, is_same_browser }) = self.open(token, browser).await? else {
            return Ok(SignedUp::Over);
        };
        if !is_same_browser {
            let key = AttemptKey::new("sign-up.password", &[token]);
            let count = self.attempts.count(&[Counter::new(key, PER_LINK)], self.context.now()).await?;
            if let Attempt::Limited(until) = count {
                return Ok(SignedUp::Limited(until));
            }
            let is_known = match prepared_password(password) {
                Some(typed) => self.passwords.verify(typed.expose(), Some(&draft.password)).await?,
                None => false,
            };
            if !is_known {
                return Ok(SignedUp::WrongPassword);
            }
        }
        self.create(draft, address).await
    }

    async fn create(&self, draft: Draft, address: &str) -> Result<SignedUp, Error> {
        let Ok(email) = draft.email.parse::<EmailAddress>() else { return Ok(SignedUp::Over) };
        let (Some(first), Ok(claims)) =
            (first_username(&email), claims(&draft.name, &email, draft.locale.as_deref()))
        else {
            return Ok(SignedUp::Over);
        };
        let waits = self.context.settings.sign_up.approval;
        for attempt in 0..MAX_NAMES {
            let now = self.context.now();
            let user = User {
                id: UserId::from_random(self.context.entropy.bytes()),
                username: self.username(&first, attempt),
                password: Some(draft.password.clone()),
                claims: claims.clone(),
                administrator: false,
                disabled_at: waits.then_some(now),
                unlocked_at: None,
                created_at: now,
                updated_at: now,
            };
            let author = Author::at(Actor::Person(user.id), address);
            let event = AuditEvent::new(now, author, "user.sign-up", &user.id)
                .with_changes(Changes::new_object(&members(&user)));
            match self.users.insert(&user, &event).await? {
                InsertedUser::Done if waits => return Ok(SignedUp::Waiting(Box::new(user))),
                InsertedUser::Done => return Ok(SignedUp::Done(Box::new(user))),
                InsertedUser::UsernameTaken => {}
                InsertedUser::EmailTaken => return Ok(SignedUp::Over),
            }
        }
        Ok(SignedUp::Over)
    }

    /// The user name of the account for this attempt.
    fn username(&self, first: &Username, attempt: u32) -> Username {
        let number = match attempt {
            0 => return first.clone(),
            1..=8 => attempt + 1,
            _ => u32::from_be_bytes(self.context.entropy.bytes()),
        };
        format!("{}{number}", first.as_str()).parse().unwrap_or_else(|_| first.clone())
    }
}

fn locales(draft: &Draft) -> Vec<String> {
    draft.locale.iter().cloned().collect()
}
