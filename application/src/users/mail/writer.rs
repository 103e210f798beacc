//! Writes mails for the queue.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use domain::letter::Message;
use domain::{AuditEvent, Letter, MailId, QueuedMail, User};

use super::content::Content;
use crate::context::Context;
use crate::error::Error;
use crate::keys::sealed_texts::SealedTexts;

/// How long the server tries to send a notice.
const NOTICE_LIFETIME: Duration = Duration::days(3);

/// Seals letters. It exists where mail is set up.
pub struct MailWriter {
    /// Seals.
    pub sealed: Arc<SealedTexts>,
    /// The clock, and entropy for ids.
    pub context: Context,
}

impl MailWriter {
    /// A letter for the queue, which is not sent after `expires_at`.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if it cannot be sealed.
    pub fn letter(&self, letter: Letter, expires_at: DateTime<Utc>) -> Result<QueuedMail, Error> {
        self.queued(&Content::Letter(letter), expires_at)
    }

    /// Tells a user of a change of their account: adds the mail to the event of the change. A user without an e-mail address is
    /// not notified.
    ///
    /// # Errors
    /// As [`letter`](Self::letter).
    pub(crate) fn notify(&self, user: &User, message: Message, event: &mut AuditEvent) -> Result<(), Error> {
        if let Some(to) = user.email_address() {
            let letter = Letter::new(user, &to.to_mailbox(), &[], message);
            event.mails.push(self.letter(letter, self.context.now() + NOTICE_LIFETIME)?);
        }
        Ok(())
    }

    pub(super) fn queued(&self, content: &Content, expires_at: DateTime<Utc>) -> Result<QueuedMail, Error> {
        let id = MailId::from_random(self.context.entropy.bytes());
        let sealed = self.sealed.seal(&purpose(id), content, 0)?;
        Ok(QueuedMail { id, sealed, queued_at: self.context.now(), expires_at, attempts: 0 })
    }

    /// None if this server did not seal it: its key was replaced.
    pub(super) fn open(&self, mail: &QueuedMail) -> Result<Option<Content>, Error> {
        self.sealed.open(&purpose(mail.id), &mail.sealed)
    }
}

fn purpose(id: MailId) -> String {
    format!("mails/{id}")
}
