//! `/oauth/device/verify`: the code of a device (RFC 8628 §3.3).

use askama::Template;

use super::Base;
use crate::language::Language;

/// The form for the code: input `user_code`, hidden `form_token` and `interaction`, submit `id="continue"`.
#[derive(Clone, Template)]
#[template(path = "device_code.html")]
pub struct DeviceCodePage {
    /// Where this server begins.
    pub base: Base,
    /// What language it is in.
    pub language: Language,
    /// Where the form is posted to.
    pub action: String,
    /// The verification in progress.
    pub interaction: String,
    /// The token that ties the form to this browser.
    pub form_token: String,
    /// What went wrong the last time, as a sentence.
    pub problem: Option<String>,
}
