//! `/login`: username and password (OpenID Connect Core 1.0 §3.1.2.3).

use askama::Template;

use super::{Base, ClientCard, PasskeyRequest};
use crate::language::Language;

/// The login form: inputs `username`, `password`, hidden `form_token` and `interaction`, submit `id="login"`, and, where an
/// application waits, `decision` from submit `id="cancel"` (`cancel`).
#[derive(Clone, Template)]
#[template(path = "login.html")]
pub struct LoginPage {
    /// Where this server begins.
    pub base: Base,
    /// What language it is in.
    pub language: Language,
    /// Where the form is posted to.
    pub action: String,
    /// The authorization in progress, where the login belongs to one.
    pub interaction: Option<String>,
    /// The token that ties the form to this browser.
    pub form_token: String,
    /// The initial text of the username field: `login_hint`, or the previous input; may be empty.
    pub username: String,
    /// The problem of the previous attempt, as a sentence.
    pub problem: Option<String>,
    /// The client that requested the login.
    pub client: Option<ClientCard>,
    /// Whether the user can cancel: an application waits for an answer.
    pub can_cancel: bool,
    /// Whether a forgotten password can be replaced: mail is set up.
    pub can_reset: bool,
    /// Whether people may make their own accounts.
    pub can_sign_up: bool,
    /// The sign-in with a passkey (submit `id="passkey"`, by script; hidden `passkey` and `challenge`), where it is possible.
    pub passkey: Option<PasskeyRequest>,
}
