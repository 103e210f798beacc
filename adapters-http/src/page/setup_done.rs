//! `/setup`, once the first administrator exists.

use askama::Template;

use super::Base;
use crate::language::Language;

/// The answer to a set-up form that was accepted, with a link to `/login`.
#[derive(Clone, Debug, Template)]
#[template(path = "setup_done.html")]
pub struct SetupDonePage {
    /// Where this server begins.
    pub base: Base,
    /// What language it is in.
    pub language: Language,
    /// The new administrator.
    pub username: String,
}
