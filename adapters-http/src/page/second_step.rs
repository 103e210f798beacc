//! `/login/second-step`: a passkey, a code of an authenticator app, or a recovery code.

use askama::Template;
use domain::FactorKind;

use super::{Base, PasskeyRequest};
use crate::language::Language;

/// The form of the second step: input `code`, hidden `form_token`, `interaction` and `factor`, submit `id="continue"`; for a passkey
/// hidden `passkey` and `challenge`, submit `id="passkey"` by script.
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
    /// What the page asks for.
    pub factor: FactorKind,
    /// The other factors that the user has, with the addresses of their pages.
    pub others: Vec<(FactorKind, String)>,
    /// The step with a passkey, where the page asks for one and it is possible.
    pub passkey: Option<PasskeyRequest>,
    /// The error of the last attempt, as a sentence.
    pub problem: Option<String>,
    /// Whether an application waits for an answer.
    pub can_cancel: bool,
}
