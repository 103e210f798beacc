//! An error that must not be redirected, on our own origin (RFC 6749 §4.1.2.1).

use askama::Template;

use super::Base;
use crate::language::Language;

/// The error page: the code as `<h1 id="error">`, a sentence for everybody, one for developers, and the reference the log knows.
#[derive(Clone, Debug, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// Where this server begins.
    pub base: Base,
    /// What language it is in.
    pub language: Language,
    /// The registered error code.
    pub code: String,
    /// What happened and what a person could do now, in their language.
    pub explanation: String,
    /// What happened, in English, for the people who build the application; safe for everybody to read.
    pub description: String,
    /// The public reference of this answer.
    pub reference: String,
}
