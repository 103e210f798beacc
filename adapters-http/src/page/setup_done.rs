//! `/setup`, once the first administrator exists.

use askama::Template;

use super::Base;

/// The answer to a set-up form that was accepted, with a link to `/login`.
#[derive(Clone, Debug, Template)]
#[template(path = "setup_done.html")]
pub struct SetupDonePage {
    /// Where this server begins.
    pub base: Base,
    /// The new administrator.
    pub username: String,
}
