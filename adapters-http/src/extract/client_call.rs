//! A client's request: the form, the credentials and the client's address (RFC 6749 §3.2).

use application::client_auth::{Credentials, claimed_client};
use application::error::Refusal;
use application::{Error, Parameters};
use axum::extract::Request;
use domain::{Caller, ErrorCode};
use http::HeaderMap;

use super::body::Unreadable;
use super::{address, credentials, parameters};
use crate::app::App;

/// A request to one of the endpoints that authenticate clients.
pub(crate) struct ClientCall {
    pub(crate) headers: HeaderMap,
    pub(crate) parameters: Parameters,
    /// Who sent it.
    pub(crate) caller: Caller,
}

impl ClientCall {
    /// Reads the form.
    pub(crate) async fn read(app: &App, request: Request) -> Result<Self, Unreadable> {
        let caller = address::caller(&request, &app.trusted_proxies);
        let headers = request.headers().clone();
        let parameters = parameters::form(request).await?;
        Ok(Self { headers, parameters, caller })
    }

    /// The credentials, if the request has any.
    ///
    /// # Errors
    /// As [`credentials::credentials`].
    pub(crate) fn credentials(&self) -> Result<Option<Credentials>, Refusal> {
        credentials::credentials(&self.headers, &self.parameters)
    }

    /// The `client_id` that the request names, true or not, for the log.
    pub(crate) fn claimed_client(&self) -> Option<String> {
        match self.credentials() {
            Ok(Some(Credentials::Id(id) | Credentials::Secret { id, .. })) => Some(id),
            Ok(Some(Credentials::Assertion { id, assertion })) => {
                id.or_else(|| claimed_client(&assertion).ok().map(|id| id.to_string()))
            }
            Ok(None) | Err(_) => self.parameters.get("client_id").map(str::to_owned),
        }
    }

    /// Whether this error is that of a wrong client secret, or of too many of them.
    pub(crate) fn is_guess(&self, error: &Error) -> bool {
        let is_refusal_of_secret = match error {
            Error::Refused(refusal) => refusal.code == ErrorCode::InvalidClient,
            Error::Limited(limited) => limited.is_guessing,
            Error::Unavailable(_) => false,
        };
        is_refusal_of_secret && matches!(self.credentials(), Ok(Some(Credentials::Secret { .. })))
    }

    /// The credentials, for an endpoint that requires at least a `client_id`.
    ///
    /// # Errors
    /// `invalid_client` without any; else as [`credentials::credentials`].
    pub(crate) fn client(&self) -> Result<Credentials, Refusal> {
        self.credentials()?
            .ok_or_else(|| Refusal::invalid_client("the request has no client credentials and no client_id"))
    }
}
