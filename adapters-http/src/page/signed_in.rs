//! The page that replaces an expired page for a signed-in user.

use askama::Template;

use super::{Base, link};
use crate::language::Language;

/// The page, with `<h1 id="signed-in">` and the way back to the application.
#[derive(Clone, Debug, Template)]
#[template(path = "signed_in.html")]
pub struct SignedInPage {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
    /// The username of the signed-in user.
    pub account: String,
    /// The client that sent the user to the page that has ended.
    pub client_name: Option<String>,
    /// Where the client is, at the host of its redirect URI.
    pub way_back: Option<String>,
}

impl SignedInPage {
    fn back(&self) -> Option<&str> {
        self.way_back.as_deref().and_then(link::admitted)
    }
}
