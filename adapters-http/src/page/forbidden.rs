//! The answer to a person who is signed in and may not be there.

use askama::Template;

use super::{Base, Desk};
use crate::language::Language;

/// The page: `id="error"`, and the way to the person's own account.
#[derive(Clone, Template)]
#[template(path = "forbidden.html")]
pub struct ForbiddenPage {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
    /// What surrounds it.
    pub desk: Desk,
}
