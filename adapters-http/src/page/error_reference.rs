//! `/errors/{reference}`, where `error_uri` leads (RFC 6749 §5.2).

use askama::Template;

use super::Base;
use crate::language::Language;

/// What an error reference is, what to check, and where the operator finds the reason.
///
/// It says the same of every reference, so that it tells nobody whether one exists.
#[derive(Clone, Debug, Template)]
#[template(path = "error_reference.html")]
pub struct ErrorReferencePage {
    /// Where this server begins.
    pub base: Base,
    /// What language it is in.
    pub language: Language,
    /// The reference from the path.
    pub reference: String,
}
