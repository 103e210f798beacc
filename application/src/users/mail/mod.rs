//! Mails: queued in the transaction of the change that they report, sealed, and sent in the background.
//!
//! See docs/decisions/links-and-mail.md.

mod content;
mod delivery;
mod forgotten;
mod writer;

pub use delivery::{MailDelivery, MailOutcome};
pub use forgotten::{Asked, ForgottenPasswords};
pub use writer::MailWriter;
