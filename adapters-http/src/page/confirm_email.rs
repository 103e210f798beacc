//! `/verify`: another e-mail address for the person that a link belongs to.

use askama::Template;

use super::Base;
use crate::language::Language;

/// The form: hidden `form_token` and `token`, submit `id="confirm"`.
#[derive(Clone, Template)]
#[template(path = "confirm_email.html")]
pub struct ConfirmEmailPage {
    /// Where this server begins.
    pub base: Base,
    /// What language it is in.
    pub language: Language,
    /// Where the form is posted to.
    pub action: String,
    /// The token that ties the form to this browser.
    pub form_token: String,
    /// The token of the link.
    pub token: String,
    /// Whose address it will be.
    pub username: String,
    /// The address.
    pub email: String,
    /// Whose server this is.
    pub server: String,
}
