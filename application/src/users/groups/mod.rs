//! The administration of groups, and who may enter which application.
//!
//! See docs/decisions/groups.md.

mod administration;
mod document;
mod entry;
mod error;

pub use administration::GroupAdministration;
pub use document::{GroupDocument, ShownGroup};
pub use entry::Entry;
pub(crate) use entry::NO_ACCESS;
pub use error::{GroupAdministrationError, InvalidGroup};
