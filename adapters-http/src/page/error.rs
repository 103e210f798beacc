//! An error page of this server, for an error that must not be redirected (RFC 6749 §4.1.2.1).

use askama::Template;

use super::{Base, link};
use crate::language::Language;

/// The error page: the code as `<h1 id="error">`, a sentence for users, one for developers, and the reference for the log.
#[derive(Clone, Debug, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
    /// The registered error code.
    pub code: String,
    /// What happened and what the user can do, in the user's language.
    pub explanation: String,
    /// What happened, in English, for the developers of the application; it contains nothing private.
    pub description: String,
    /// The public reference of this error.
    pub reference: String,
    /// The way to the application with this error, if the user decides about it.
    pub way_back: Option<WayBack>,
}

/// An error response that waits for the decision of the user (RFC 9700 §4.11.2).
#[derive(Clone, Debug)]
pub struct WayBack {
    /// Whom it is for: the host of the redirect URI, or the whole URI if it has none.
    pub host: String,
    /// The verified redirect URI, with the response in it unless there are `fields`.
    pub target: String,
    /// The response, if it is posted.
    pub fields: Vec<(String, String)>,
}

impl WayBack {
    /// The address of the link or form, if a page may have it.
    fn address(&self) -> Option<&str> {
        match self.fields.is_empty() {
            // The fragment of a response is no part of the registered URI.
            true => {
                let (uri, _) = self.target.split_once('#').unwrap_or((&self.target, ""));
                link::registrable(uri).map(|_| self.target.as_str())
            }
            false => link::admitted(&self.target),
        }
    }
}
