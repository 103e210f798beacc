//! People who forgot their passwords ask for a link by their e-mail address. The answer is the same, and takes the same time, whether
//! or not the address has an account: the request is queued as it is, and looked at in the background.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use domain::{Actor, Author, LinkPurpose, SignInName};

use super::content::{Content, Request};
use super::writer::MailWriter;
use crate::context::Context;
use crate::error::Error;
use crate::port::{Attempt, AttemptKey, Attempts, Counter, Limit, MailQueue, Users};
use crate::users::UserAdministrationError;
use crate::users::links::UserLinks;

/// How long a request waits at most to be answered.
const LIFETIME: Duration = Duration::hours(1);
/// The most bytes of a user name.
const MAX_NAME_BYTES: usize = 512;
/// Links for one account: enough for a person whose mail is slow, and no flood of their mailbox.
const PER_ACCOUNT: Limit = Limit { attempts: 3, window: Duration::hours(1) };
/// Requests from one address: a whole office may share it.
const PER_ADDRESS: Limit = Limit { attempts: 20, window: Duration::hours(1) };
/// All requests together.
const OF_ALL: Limit = Limit { attempts: 1_000, window: Duration::hours(1) };

/// Takes requests and answers them.
pub struct ForgottenPasswords {
    /// The users.
    pub users: Arc<dyn Users>,
    /// Counts requests.
    pub attempts: Arc<dyn Attempts>,
    /// The queue of requests.
    pub queue: Arc<dyn MailQueue>,
    /// Seals requests.
    pub writer: Arc<MailWriter>,
    /// Makes links.
    pub links: Arc<UserLinks>,
    /// The time.
    pub context: Context,
}

/// Whether a request was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// If the address has an account, a link is on its way.
    Done,
    /// There were too many requests: the next one is possible at this time.
    Limited(DateTime<Utc>),
}

impl ForgottenPasswords {
    /// Takes a request from the address `from`. It looks at no account.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn ask(&self, name: &str, languages: Vec<String>, from: &str) -> Result<Asked, Error> {
        let now = self.context.now();
        let shared = [
            Counter::new(AttemptKey::new("forgotten.address", &[from]), PER_ADDRESS),
            Counter::new(AttemptKey::new("forgotten", &[]), OF_ALL),
        ];
        if let Attempt::Limited(until) = self.attempts.count(&shared, now).await? {
            return Ok(Asked::Limited(until));
        }
        let name = name.trim();
        if name.len() <= MAX_NAME_BYTES {
            let request = Request { name: name.to_owned(), languages, from: from.to_owned() };
            self.queue.queue(&self.writer.queued(&Content::Forgotten(request), now + LIFETIME)?).await?;
        }
        Ok(Asked::Done)
    }

    /// Sends a link to the address of the account, if there is one. Beyond the limit of the account, no link is sent.
    pub(super) async fn answer(&self, request: &Request) -> Result<(), Error> {
        let user = self.users.find_by_sign_in_name(&SignInName::typed(&request.name)).await?;
        // Without an address nothing can be sent, and a link that an operator gave out must not end. A user without a password
        // has not forgotten one: that account waits for its invitation.
        let Some(user) = user.filter(|user| user.email_address().is_some() && user.password.is_some()) else {
            return Ok(());
        };
        let account = AttemptKey::new("forgotten.account", &[&user.id.to_string()]);
        let counter = Counter::new(account, PER_ACCOUNT);
        if self.attempts.count(&[counter], self.context.now()).await? != Attempt::Allowed {
            tracing::warn!(user = %user.id, "too many requests for a new password; no link is sent");
            return Ok(());
        }
        let author = Author::at(Actor::Server, &request.from);
        let issued = self.links.issue_in(&user, LinkPurpose::PasswordReset, &request.languages, author).await;
        match issued {
            Ok(_) | Err(UserAdministrationError::CannotSignIn) => Ok(()),
            Err(UserAdministrationError::Failed(error)) => Err(error),
            Err(other) => {
                tracing::error!(%other, "no link could be made for a forgotten password");
                Ok(())
            }
        }
    }
}
