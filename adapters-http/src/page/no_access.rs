//! The page for a user who has no access to an application.

use askama::Template;

use super::{Base, ClientCard};
use crate::language::Language;

/// Whom to ask, the link `id="switch"` to sign in as another user, and the form that goes back to the application: hidden
/// `form_token` and `interaction`, and `decision` (`deny`) from submit `id="deny"`.
#[derive(Clone, Template)]
#[template(path = "no_access.html")]
pub struct NoAccessPage {
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
    /// The client.
    pub client: ClientCard,
    /// The username of the signed-in user.
    pub account: String,
    /// Where another user signs in.
    pub switch: String,
    /// Whether the application is on a device, and not in this browser.
    pub is_device: bool,
}
