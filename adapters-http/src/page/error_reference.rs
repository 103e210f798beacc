//! `/errors/{reference}`, where `error_uri` leads (RFC 6749 §5.2).

use askama::Template;

use super::Base;
use crate::language::Language;

/// The page that explains error references: what to check, and where the operator finds the reason.
///
/// It is the same for every reference, so it does not reveal whether a reference exists.
#[derive(Clone, Debug, Template)]
#[template(path = "error_reference.html")]
pub struct ErrorReferencePage {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
    /// The reference from the path.
    pub reference: String,
}
