//! `/`: what this server is (OpenID Connect Discovery 1.0 §4 for the documents it links).

use askama::Template;

use super::Base;
use crate::language::Language;

/// The front page: issuer, version, metadata, and who is signed in.
#[derive(Clone, Debug, Template)]
#[template(path = "home.html")]
pub struct HomePage {
    /// Where this server begins.
    pub base: Base,
    /// What language it is in.
    pub language: Language,
    /// The issuer identifier.
    pub issuer: String,
    /// The version of this server.
    pub version: String,
    /// Who is signed in in this browser; shown with a link to `/oauth/logout`.
    pub signed_in_as: Option<String>,
}
