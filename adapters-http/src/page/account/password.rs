//! `/account/security/password`: a new password.

use askama::Template;

use crate::language::Language;
use crate::page::{Base, Desk};

/// The page: inputs `password` and `password_again`, the box `others` (`sign_out`), submit `id="change-password"`. It has no `Debug`.
#[derive(Clone, Template)]
#[template(path = "account/password.html")]
pub struct PasswordPage {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
    /// What surrounds it.
    pub desk: Desk,
    /// The username of the person, for password managers.
    pub username: String,
    /// Whether the box is ticked that signs the person out everywhere else.
    pub signs_out_others: bool,
    /// The page about the ways to sign in.
    pub back: String,
    /// Why the password is not accepted, as a sentence.
    pub problem: Option<String>,
}
