//! `/setup`, once the first administrator exists.

use askama::Template;

/// The answer to a set-up form that was accepted, with a link to `/login`.
#[derive(Clone, Debug, Template)]
#[template(path = "setup_done.html")]
pub struct SetupDonePage {
    /// The new administrator.
    pub username: String,
}
