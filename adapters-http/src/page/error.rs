//! An error page of this server, for an error that must not be redirected (RFC 6749 §4.1.2.1).

use askama::Template;

use super::{Base, link};
use crate::language::Language;

/// The error page: what happened as `<h1 id="error">`, what to do, a way on, and in small print the reference for the log, and the
/// code and a sentence for developers.
#[derive(Clone, Debug, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
    /// What happened, in the user's language.
    pub heading: String,
    /// What the user can do, in the user's language.
    pub explanation: String,
    /// The registered error code.
    pub code: String,
    /// What happened, in English, for the developers of the application; it contains nothing private.
    pub description: String,
    /// The public reference of this error.
    pub reference: String,
    /// The link to the application: to its home page, or to its redirect URI with this error.
    pub way_back: Option<WayBack>,
    /// The address and label of the next page of this server, if there is no link to the application.
    pub next: Option<(String, String)>,
}

/// The link to an application. It carries the error response that the user may send on (RFC 9700 §4.11.2).
#[derive(Clone, Debug)]
pub struct WayBack {
    /// Where it leads: the name of the application, or the host of the redirect URI, or the whole URI if it has none.
    pub to: String,
    /// Whether an operator registered the address.
    pub is_verified: bool,
    /// The address of the application, or the verified redirect URI, with the response in it unless there are `fields`.
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
