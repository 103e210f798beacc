//! Mails: their words in the reader's language, and the operator's SMTP server (RFC 5321).
//!
//! The server is the operator's choice, so the policy for outbound requests does not apply to it.
//!
//! See docs/decisions/links-and-mail.md.

mod smtp;
#[cfg(test)]
mod tests;
mod words;

pub use smtp::{MailAddress, Smtp, SmtpError, SmtpSecurity, SmtpServer};
pub use words::Words;
