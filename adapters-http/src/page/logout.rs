//! `/oauth/logout`: the question before signing out (OpenID Connect RP-Initiated Logout 1.0 §2).

use askama::Template;

use super::Base;
use crate::language::Language;

/// The logout confirmation: hidden `form_token` and `interaction`, submit `id="logout"`, and a link to stay.
#[derive(Clone, Template)]
#[template(path = "logout.html")]
pub struct LogoutPage {
    /// Where this server begins.
    pub base: Base,
    /// What language it is in.
    pub language: Language,
    /// Where the form is posted to.
    pub action: String,
    /// The interaction of the logout, if a client requested it.
    pub interaction: Option<String>,
    /// The token that ties the form to this browser.
    pub form_token: String,
    /// Who is signed in.
    pub account: Option<String>,
    /// The client that requests the logout.
    pub client_name: Option<String>,
    /// Whom the logout leads to, if no operator vouches for the client.
    pub host: Option<String>,
}
