//! What the authorization endpoint answers.

use domain::{ErrorCode, ReturnTo};

use super::{AuthorizationEndpoint, OpenInteraction};

/// The answer to a browser.
#[derive(Debug)]
pub enum Reply {
    /// Back to the client.
    Respond(AuthorizationResponse),
    /// To one of our pages first.
    Interact {
        /// Which page.
        page: Page,
        /// The interaction it belongs to.
        open: OpenInteraction,
    },
    /// To our home page: nobody asked for more than a login.
    Home,
}

/// A page of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// The login page.
    Login,
    /// The consent page.
    Consent,
    /// The page about a device.
    Device,
}

/// An authorization response (RFC 6749 §4.1.2), for the client that asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationResponse {
    /// Where and how it goes.
    pub return_to: ReturnTo,
    /// `code` or `error` and its description, then `state` and `iss` (RFC 9207).
    pub parameters: Vec<(&'static str, String)>,
}

impl AuthorizationEndpoint {
    pub(super) fn respond(&self, return_to: ReturnTo, mut parameters: Vec<(&'static str, String)>) -> Reply {
        if let Some(state) = return_to.state() {
            parameters.push(("state", state.to_owned()));
        }
        parameters.push(("iss", self.settings.issuer.to_string()));
        Reply::Respond(AuthorizationResponse { return_to, parameters })
    }

    pub(super) fn respond_error(&self, return_to: ReturnTo, code: ErrorCode, description: &str) -> Reply {
        let error = vec![("error", code.to_string()), ("error_description", description.to_owned())];
        self.respond(return_to, error)
    }
}
