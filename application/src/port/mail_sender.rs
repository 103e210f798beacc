//! The server that takes mails (SMTP, RFC 5321).

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{Letter, MailId};

use super::Delivery;

/// Hands mails to the operator's server. It is not a store, so the contract suite has no clauses for it.
#[async_trait]
pub trait MailSender: Send + Sync {
    /// Sends a letter, once, as the mail `id` of the time `now`, in less than [`MAIL_TIMEOUT_SECONDS`]. The text of a refusal or
    /// failure is for the log: it has no recipient and nothing of the letter.
    async fn send(&self, id: MailId, letter: &Letter, now: DateTime<Utc>) -> Delivery;
}

/// The timeout of one mail, in seconds.
pub const MAIL_TIMEOUT_SECONDS: i64 = 60;
