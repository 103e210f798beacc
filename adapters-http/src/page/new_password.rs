//! `/invite` and `/reset`: a password for the person that a link belongs to.

use askama::Template;

use super::Base;
use crate::language::Language;

/// The form: inputs `password`, `password_again`, hidden `form_token` and `token`, submit `id="accept"` for an invitation, else
/// `id="set-password"`. The user name is there for password managers.
#[derive(Clone, Template)]
#[template(path = "new_password.html")]
pub struct NewPasswordPage {
    /// Where this server begins.
    pub base: Base,
    /// What language it is in.
    pub language: Language,
    /// Whether it is the first password of an invited person.
    pub is_invitation: bool,
    /// Where the form is posted to.
    pub action: String,
    /// The token that ties the form to this browser.
    pub form_token: String,
    /// The token of the link.
    pub token: String,
    /// Whose password it is.
    pub username: String,
    /// Whose server this is.
    pub server: String,
    /// The problem of the previous attempt, as a sentence.
    pub problem: Option<String>,
}
