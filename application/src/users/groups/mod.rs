//! The administration of groups, and the access of users to applications.
//!
//! See docs/decisions/groups-and-claims.md.

mod administration;
mod document;
mod entry;
mod error;

pub use administration::GroupAdministration;
pub use document::{GroupDocument, ShownGroup};
pub use entry::Entry;
pub(crate) use entry::NO_ACCESS;
pub use error::{GroupAdministrationError, InvalidGroup};
