//! An error page of this server, for an error that must not be redirected (RFC 6749 §4.1.2.1).

use askama::Template;

use super::Base;
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
}
