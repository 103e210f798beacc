//! Sends the mails of the queue in the background. No request waits for it.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use domain::{Letter, QueuedMail};

use super::content::Content;
use super::forgotten::ForgottenPasswords;
use super::sign_up::SignUp;
use super::writer::MailWriter;
use crate::context::Context;
use crate::error::Error;
use crate::port::{Delivery, MAIL_TIMEOUT_SECONDS, MailQueue, MailSender, Unavailable};

/// How long a mail is leased to the node that took it: no other node sends it while an attempt may still run.
const LEASE_SECONDS: i64 = 2 * MAIL_TIMEOUT_SECONDS;

/// Sends mails.
pub struct MailDelivery {
    /// The mails to send.
    pub queue: Arc<dyn MailQueue>,
    /// The operator's server.
    pub sender: Arc<dyn MailSender>,
    /// Opens the sealed mails.
    pub writer: Arc<MailWriter>,
    /// Answers requests for password links.
    pub forgotten: Arc<ForgottenPasswords>,
    /// Answers requests for accounts.
    pub sign_up: Arc<SignUp>,
    /// The time.
    pub context: Context,
}

/// What became of a mail, for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailOutcome {
    /// The operator's server has it.
    Sent,
    /// It was a request for a new password or an account, and is answered: by another mail, or by none.
    Answered,
    /// The operator's server does not take it.
    Refused {
        /// Its answer.
        reason: String,
    },
    /// It could not be sent and will be tried again.
    Postponed {
        /// When.
        at: DateTime<Utc>,
        /// Why.
        reason: String,
    },
    /// It has expired.
    GaveUp {
        /// Why the last attempt failed.
        reason: String,
    },
}

impl MailDelivery {
    /// Takes up to `limit` mails that are due. The caller delivers all of them at once: their lease is short.
    ///
    /// # Errors
    /// [`Unavailable`] when the store does not answer.
    pub async fn take_due(&self, limit: u32) -> Result<Vec<QueuedMail>, Unavailable> {
        let now = self.context.now();
        self.queue.take_due(now, now + Duration::seconds(LEASE_SECONDS), limit).await
    }

    /// Sends a mail that was taken, and settles or postpones it.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when a store does not answer; the mail is due again when its lease expires.
    pub async fn deliver(&self, mail: &QueuedMail) -> Result<MailOutcome, Error> {
        let outcome = self.attempt(mail).await?;
        match &outcome {
            MailOutcome::Postponed { at, .. } => self.queue.postpone(mail, *at).await?,
            MailOutcome::Sent
            | MailOutcome::Answered
            | MailOutcome::Refused { .. }
            | MailOutcome::GaveUp { .. } => self.queue.settle(mail).await?,
        }
        Ok(outcome)
    }

    async fn attempt(&self, mail: &QueuedMail) -> Result<MailOutcome, Error> {
        if mail.expires_at <= self.context.now() {
            return Ok(MailOutcome::GaveUp { reason: "it has expired".to_owned() });
        }
        match self.writer.open(mail)? {
            Some(Content::Letter(letter)) => Ok(self.send(mail, &letter).await),
            Some(Content::Forgotten(request)) => {
                self.forgotten.answer(&request).await?;
                Ok(MailOutcome::Answered)
            }
            Some(Content::SignUp(draft)) => {
                self.sign_up.answer(&draft).await?;
                Ok(MailOutcome::Answered)
            }
            None => {
                let reason = "it was sealed with another encryption key".to_owned();
                Ok(MailOutcome::GaveUp { reason })
            }
        }
    }

    async fn send(&self, mail: &QueuedMail, letter: &Letter) -> MailOutcome {
        match self.sender.send(mail.id, letter, self.context.now()).await {
            Delivery::Accepted => MailOutcome::Sent,
            Delivery::Refused(reason) => MailOutcome::Refused { reason },
            Delivery::Failed(reason) => match mail.retry_at(self.context.now()) {
                Some(at) => MailOutcome::Postponed { at, reason },
                None => MailOutcome::GaveUp { reason },
            },
        }
    }
}
