//! `/forgot`: asking for a link to set a new password.

use askama::Template;

use super::Base;
use crate::language::Language;

/// The form: input `username`, hidden `form_token`, submit `id="send"`.
#[derive(Clone, Template)]
#[template(path = "forgot.html")]
pub struct ForgotPage {
    /// Where this server begins.
    pub base: Base,
    /// What language it is in.
    pub language: Language,
    /// Where the form is posted to.
    pub action: String,
    /// The token that ties the form to this browser.
    pub form_token: String,
    /// The initial text of the field; may be empty.
    pub username: String,
    /// The problem of the previous attempt, as a sentence.
    pub problem: Option<String>,
}
