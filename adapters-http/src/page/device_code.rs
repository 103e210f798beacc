//! `/oauth/device/verify`: the code of a device (RFC 8628 §3.3).

use askama::Template;

use super::Base;
use crate::language::Language;

/// The form for the code: input `user_code`, hidden `form_token` and `interaction`, submit `id="continue"`.
#[derive(Clone, Template)]
#[template(path = "device_code.html")]
pub struct DeviceCodePage {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
    /// The target of the form.
    pub action: String,
    /// The id of the interaction.
    pub interaction: String,
    /// The token that ties the form to this browser.
    pub form_token: String,
    /// Whether the page says why the code in the link was not enough.
    pub must_type: bool,
    /// The error of the last attempt, as a sentence.
    pub problem: Option<String>,
}
