//! The authorization response by a self-submitting form (OAuth 2.0 Form Post Response Mode §2).

use askama::Template;

use super::{Base, link};
use crate::language::Language;

/// A form with every response parameter as a hidden input, submitted by a script with the page's nonce, or by a button
/// where scripts do not run.
///
/// A redirect URI that no form can be posted to (a private-use scheme) gets a sentence in place of the form.
#[derive(Clone, Template)]
#[template(path = "form_post.html")]
pub struct FormPostPage {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
    /// The redirect URI, checked before.
    pub action: String,
    /// The response parameters, errors included, in order.
    pub parameters: Vec<(String, String)>,
    /// The nonce that the Content-Security-Policy of this answer allows in `script-src`.
    pub nonce: String,
}

impl FormPostPage {
    fn target(&self) -> Option<&str> {
        link::admitted(&self.action)
    }
}
