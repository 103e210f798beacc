//! `/forgot`, after the form was sent: the same for every address.

use askama::Template;

use super::Base;
use crate::language::Language;

/// The page, with `<h1 id="forgot-sent">` and a link to `/login`.
#[derive(Clone, Debug, Template)]
#[template(path = "forgot_sent.html")]
pub struct ForgotSentPage {
    /// Where this server begins.
    pub base: Base,
    /// What language it is in.
    pub language: Language,
}
