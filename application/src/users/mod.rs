//! The administration of users: their accounts, sessions and consents.
//!
//! See docs/decisions/people-and-passwords.md.

mod account;
mod administration;
mod consents;
mod error;
pub mod factors;
pub mod groups;
pub mod links;
pub mod mail;
pub mod passkeys;
pub mod password_rule;
mod search;
mod sessions;
pub mod set_up;
mod sign_in_events;
pub mod subject_identifiers;

pub use account::{Account, AccountDocument, NewUser};
pub use administration::UserAdministration;
pub use consents::{ClientAccess, LiveGrants};
pub use error::{InvalidAccount, UserAdministrationError};
pub use search::FoundUser;
pub use sign_in_events::SignInDocument;
