//! `/login/enrol`: a user adds a passkey or turns on an authenticator app in order to sign in.

use askama::Template;

use super::{AppPicture, Base, PasskeyRequest};
use crate::language::Language;

/// The form that turns on an app: input `code`, hidden `form_token`, `interaction` and `app`, submit `id="turn-on"`.
#[derive(Clone, Template)]
#[template(path = "enrolment.html")]
pub struct EnrolmentPage {
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
    /// The sealed secret of the app.
    pub app: String,
    /// The picture that the app scans.
    pub picture: AppPicture,
    /// The secret for typing.
    pub key: String,
    /// What is in the picture, for an app on this device.
    pub address: String,
    /// The passkey to add instead (submit `id="passkey"`, by script), where that is possible.
    pub passkey: Option<PasskeyRequest>,
    /// The error of the last attempt, as a sentence.
    pub problem: Option<String>,
    /// Whether an application waits for an answer.
    pub can_cancel: bool,
}

/// The recovery codes of a user who goes on to sign in: hidden `form_token` and `interaction`, submit `id="continue"`.
#[derive(Clone, Template)]
#[template(path = "enrolled.html")]
pub struct EnrolledPage {
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
    /// The codes.
    pub codes: Vec<String>,
}
