//! `/`: the home page, with links to the metadata (OpenID Connect Discovery 1.0 §4).

use askama::Template;

use super::Base;
use crate::language::Language;

/// The home page: issuer, version, metadata, and the signed-in user.
#[derive(Clone, Debug, Template)]
#[template(path = "home.html")]
pub struct HomePage {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
    /// The issuer identifier.
    pub issuer: String,
    /// The version of this server, for administrators: it would tell strangers which faults to try.
    pub version: Option<String>,
    /// The username of the signed-in user, shown with a link to `/oauth/logout`.
    pub signed_in_as: Option<String>,
}
