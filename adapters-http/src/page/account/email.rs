//! `/account/profile/email`: another e-mail address.

use askama::Template;

use crate::language::Language;
use crate::page::{Base, Desk};

/// The page: input `email`, submit `id="send"`.
#[derive(Clone, Template)]
#[template(path = "account/email.html")]
pub struct EmailPage {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
    /// What surrounds it.
    pub desk: Desk,
    /// The address that was typed before.
    pub email: String,
    /// The page about the profile.
    pub back: String,
    /// What is wrong with the address, as a sentence.
    pub problem: Option<String>,
}
