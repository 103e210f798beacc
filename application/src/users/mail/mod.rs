//! Mails: queued in the transaction of the change that they report, sealed, and sent in the background.
//!
//! See docs/decisions/links-and-mail.md.

mod content;
mod delivery;
mod draft;
mod forgotten;
mod new_account;
mod sign_up;
mod writer;

pub use delivery::{MailDelivery, MailOutcome};
pub use draft::Draft;
pub use forgotten::{Asked, ForgottenPasswords};
pub use new_account::{NewAccount, SignUpProblem};
pub use sign_up::{OpenedDraft, Requested, SignUp, SignedUp};
pub use writer::MailWriter;
