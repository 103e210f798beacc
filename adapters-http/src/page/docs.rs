//! `/docs`: the endpoints and grants for developers (`service_documentation`, RFC 8414 §2).

use askama::Template;

use super::Base;
use crate::language::Language;

/// The endpoints and grants of this server, for developers of applications.
#[derive(Clone, Debug, Template)]
#[template(path = "docs.html")]
pub struct DocsPage {
    /// The base path.
    pub base: Base,
    /// The language of the page: always English.
    pub language: Language,
    /// The issuer.
    pub issuer: String,
    /// The values of `grant_types_supported`.
    pub grant_types: Vec<&'static str>,
}
