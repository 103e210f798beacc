//! The replies of the authorization endpoint.

use std::borrow::Cow;

use domain::{ErrorCode, ErrorReference, Issuer, ReturnTo};
use serde::{Deserialize, Serialize};

use crate::browser::PageRedirect;
use crate::error::{Error, Refusal};

/// The answer to a browser.
#[derive(Debug)]
pub enum Reply {
    /// The browser brings this response to the client.
    ToClient(AuthorizationResponse),
    /// The browser is first redirected to a page of this server.
    ToPage(PageRedirect),
    /// The same, and the error with this reference waits until a user has signed in.
    Held(PageRedirect, ErrorReference),
    /// The user sees an error, and decides whether to go on to the client with it (RFC 9700 §4.11.2).
    Explained(Box<ExplainedError>),
}

impl From<AuthorizationResponse> for Reply {
    fn from(response: AuthorizationResponse) -> Self {
        match response.error.clone() {
            Some(ResponseError { code, description, reference, asks_user: true }) => {
                let error = Refusal::described(code, description).into();
                Self::Explained(Box::new(ExplainedError { response, error, reference }))
            }
            Some(_) | None => Self::ToClient(response),
        }
    }
}

/// An error that the user sees first.
#[derive(Debug)]
pub struct ExplainedError {
    /// The response that goes to the client if the user wants that.
    pub response: AuthorizationResponse,
    /// The error.
    pub error: Error,
    /// The reference under which it is reported.
    pub reference: ErrorReference,
}

/// An authorization response (RFC 6749 §4.1.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationResponse {
    /// Where and how it goes.
    pub return_to: ReturnTo,
    /// `code` or `error` and its description, then `state` and `iss` (RFC 9207).
    pub parameters: Vec<(Cow<'static, str>, String)>,
    /// What it says, if it is an error.
    pub error: Option<ResponseError>,
}

/// The error of a response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseError {
    /// `error`.
    pub(super) code: ErrorCode,
    /// `error_description`.
    pub(super) description: String,
    /// The reference under which it is reported.
    pub reference: ErrorReference,
    /// Whether the user sees it first, and decides whether to go on to the client (RFC 9700 §4.11.2).
    pub(super) asks_user: bool,
}

/// The one answer to a request, without the parameters that the request already has.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Outcome {
    /// A code.
    Code(String),
    /// An error.
    Error(ResponseError),
}

impl Outcome {
    /// The response that brings it to the client.
    pub(super) fn into_response(self, issuer: &Issuer, return_to: ReturnTo) -> AuthorizationResponse {
        match self {
            Self::Code(code) => AuthorizationResponse::success(issuer, return_to, code),
            Self::Error(error) => AuthorizationResponse::error(issuer, return_to, error),
        }
    }
}

impl AuthorizationResponse {
    /// The response with a code.
    fn success(issuer: &Issuer, return_to: ReturnTo, code: String) -> Self {
        Self::new(issuer, return_to, vec![("code", code)])
    }

    /// The response with an error (RFC 6749 §4.1.2.1).
    pub(super) fn error(issuer: &Issuer, return_to: ReturnTo, error: ResponseError) -> Self {
        let parameters = vec![
            ("error", error.code.to_string()),
            ("error_description", error.description.clone()),
            ("error_uri", error.reference.uri(issuer)),
        ];
        Self { error: Some(error), ..Self::new(issuer, return_to, parameters) }
    }

    fn new(issuer: &Issuer, return_to: ReturnTo, mut parameters: Vec<(&'static str, String)>) -> Self {
        if let Some(state) = return_to.state() {
            parameters.push(("state", state.to_owned()));
        }
        parameters.push(("iss", issuer.to_string()));
        let parameters = parameters.into_iter().map(|(name, value)| (name.into(), value)).collect();
        Self { return_to, parameters, error: None }
    }
}
