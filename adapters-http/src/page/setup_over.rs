//! `/setup` with a link that was used: an administrator exists.

use askama::Template;

use super::Base;
use crate::language::Language;

/// The page, with `<h1 id="already-set-up">` and a link to `/login`.
#[derive(Clone, Debug, Template)]
#[template(path = "setup_over.html")]
pub struct SetupOverPage {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
}
