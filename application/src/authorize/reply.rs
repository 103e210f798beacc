//! The replies of the authorization endpoint.

use std::borrow::Cow;

use domain::{Digest, ErrorCode, Issuer, ReturnTo, Secret};

use serde::{Deserialize, Serialize};

use crate::browser::PageRedirect;

/// The answer to a browser.
#[derive(Debug)]
pub enum Reply {
    /// The browser brings this response to the client.
    ToClient(AuthorizationResponse),
    /// The browser is first redirected to a page of this server.
    ToPage(PageRedirect),
}

/// An authorization response (RFC 6749 §4.1.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationResponse {
    /// Where and how it goes.
    pub return_to: ReturnTo,
    /// `code` or `error` and its description, then `state` and `iss` (RFC 9207).
    pub parameters: Vec<(Cow<'static, str>, String)>,
}

/// The one answer of an interaction.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Completion {
    /// The pushed request that it completes, if there is one.
    pub(super) pushed: Option<Digest>,
    /// The response.
    pub(super) response: AuthorizationResponse,
}

impl AuthorizationResponse {
    /// The response with a code.
    pub(super) fn success(issuer: &Issuer, return_to: ReturnTo, code: &Secret) -> Self {
        Self::new(issuer, return_to, vec![("code", code.expose().to_owned())])
    }

    /// The response with an error (RFC 6749 §4.1.2.1).
    pub(super) fn error(issuer: &Issuer, return_to: ReturnTo, code: ErrorCode, description: &str) -> Self {
        let error = vec![("error", code.to_string()), ("error_description", description.to_owned())];
        Self::new(issuer, return_to, error)
    }

    fn new(issuer: &Issuer, return_to: ReturnTo, mut parameters: Vec<(&'static str, String)>) -> Self {
        if let Some(state) = return_to.state() {
            parameters.push(("state", state.to_owned()));
        }
        parameters.push(("iss", issuer.to_string()));
        let parameters = parameters.into_iter().map(|(name, value)| (name.into(), value)).collect();
        Self { return_to, parameters }
    }
}
