//! The end of a session (OpenID Connect RP-Initiated Logout 1.0 §2, Front-Channel Logout 1.0 §3).

use askama::Template;

use super::{Base, link};
use crate::language::Language;

/// How long the frames have after the page has loaded. Simple browsers follow no page that waits for longer.
const PAUSE_SECONDS: u8 = 2;

/// The page after a logout, with `<h1 id="logged-out">`, or with `<h1 id="not-signed-in">` if there was nothing to end.
#[derive(Clone, Debug, Template)]
#[template(path = "logged_out.html")]
pub struct LoggedOutPage {
    /// Where this server begins.
    pub base: Base,
    /// What language it is in.
    pub language: Language,
    /// Whether a session has ended.
    pub has_ended: bool,
    /// The verified `post_logout_redirect_uri`, with `state`: a link, which the page follows automatically after two
    /// seconds.
    pub continue_uri: Option<String>,
    /// Whom the link leads to, if the user decides about it: then the page does not follow it.
    pub asks_about: Option<String>,
    /// The client the link leads to.
    pub client_name: Option<String>,
    /// The front-channel logout addresses of the session's clients, each loaded in a hidden frame.
    pub frontchannel: Vec<String>,
}

impl LoggedOutPage {
    fn continuation(&self) -> Option<&str> {
        self.continue_uri.as_deref().and_then(link::registrable)
    }

    fn frames(&self) -> impl Iterator<Item = &str> {
        self.frontchannel.iter().filter_map(|uri| link::admitted(uri))
    }
}
