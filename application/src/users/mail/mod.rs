//! Mails: written in the transaction of what they tell, sealed, and sent in the background.
//!
//! See docs/decisions/links-and-mail.md.

mod content;
mod delivery;
mod forgotten;
mod writer;

pub use delivery::{MailDelivery, MailOutcome};
pub use forgotten::{Asked, ForgottenPasswords};
pub use writer::MailWriter;
