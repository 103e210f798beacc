//! `/setup`: the first administrator, by the one-time link printed at first start.

use askama::Template;

use super::Base;
use crate::language::Language;

/// The set-up form: inputs `username`, `password`, `password_again`, hidden `form_token` and `token`, submit
/// `id="create"`.
#[derive(Clone, Template)]
#[template(path = "setup.html")]
pub struct SetupPage {
    /// Where this server begins.
    pub base: Base,
    /// What language it is in.
    pub language: Language,
    /// Where the form is posted to.
    pub action: String,
    /// The token that ties the form to this browser.
    pub form_token: String,
    /// The one-time set-up token from the link.
    pub token: String,
    /// The initial text of the username field; may be empty.
    pub username: String,
    /// The problem of the previous attempt, as a sentence.
    pub problem: Option<String>,
}
