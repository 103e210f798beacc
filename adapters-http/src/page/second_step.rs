//! `/login/second-step`: a code of an authenticator app, or a recovery code.

use askama::Template;

use super::Base;
use crate::language::Language;

/// The form of the second step: input `code`, hidden `form_token`, `interaction` and `factor`, submit `id="continue"`.
#[derive(Clone, Template)]
#[template(path = "second_step.html")]
pub struct SecondStepPage {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
    /// The target of the form.
    pub action: String,
    /// The sealed interaction.
    pub interaction: String,
    /// The token that ties the form to this browser.
    pub form_token: String,
    /// The user who signs in.
    pub account: String,
    /// Whether the page asks for a recovery code, not for one of the app.
    pub with_recovery_code: bool,
    /// The address of the page for the other factor, if the user has it.
    pub other_factor: Option<String>,
    /// The error of the last attempt, as a sentence.
    pub problem: Option<String>,
    /// Whether an application waits for an answer.
    pub can_cancel: bool,
}
