//! An error that must not be redirected, on our own origin (RFC 6749 §4.1.2.1).

use askama::Template;

use super::Base;

/// The error page: the code as `<h1 id="error">`, a sentence, and the reference the log knows.
#[derive(Clone, Debug, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// Where this server begins.
    pub base: Base,
    /// The registered error code.
    pub code: String,
    /// What happened, safe for everybody to read.
    pub sentence: String,
    /// The public reference of this answer.
    pub reference: String,
    /// What a person could do now.
    pub hint: Option<String>,
}
