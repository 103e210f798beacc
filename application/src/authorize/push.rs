//! The pushed authorization request endpoint (RFC 9126 §2).

use std::sync::Arc;

use chrono::Duration;
use domain::{PushedRequest, RequestUri};

use super::check::RequestChecks;
use crate::client_auth::{ClientAuthenticator, Credentials};
use crate::context::Context;
use crate::error::{Error, Refusal};
use crate::metadata::path;
use crate::parameters::Parameters;
use crate::port::PushedRequests;

/// Accepts authorization requests that clients push.
pub struct PushedRequestEndpoint {
    /// Authenticates the client; a public client only names itself.
    pub authenticator: Arc<ClientAuthenticator>,
    /// The checks of a request.
    pub checks: Arc<RequestChecks>,
    /// The store of pushed requests.
    pub pushed_requests: Arc<dyn PushedRequests>,
    /// Lifetime and time; entropy for `request_uri`.
    pub context: Context,
}

/// A request that is kept (RFC 9126 §2.2).
#[derive(Debug)]
pub struct PushResponse {
    /// The URI that names it at the authorization endpoint.
    pub request_uri: RequestUri,
    /// How long it can be opened.
    pub expires_in: Duration,
}

impl PushedRequestEndpoint {
    /// Checks a request like the authorization endpoint and stores it. The client's credentials are not stored.
    ///
    /// # Errors
    /// `invalid_client`; `invalid_request` for another client's `client_id` and for any `request_uri` (RFC 9126
    /// §2.1); and the errors of the authorization endpoint.
    pub async fn push(
        &self,
        credentials: &Credentials,
        parameters: &Parameters,
        address: &str,
    ) -> Result<PushResponse, Error> {
        let client = self.authenticator.authenticate(credentials, path::PUSH, address).await?;
        if parameters.get("client_id").is_some_and(|id| id != client.id.as_str()) {
            return Err(Refusal::invalid_request("client_id is not the authenticated client").into());
        }
        if parameters.get("request_uri").is_some() {
            return Err(Refusal::invalid_request("request_uri cannot be pushed").into());
        }
        let mut request = self.checks.check_pushed(&client, parameters).await?;
        let request_uri = RequestUri::from_random(self.context.entropy.bytes());
        let key = request_uri.digest();
        request.pushed = Some(key);
        let expires_in = self.context.settings.lifetimes.pushed_request;
        let pushed = PushedRequest { request, expires_at: self.context.now() + expires_in };
        self.pushed_requests.push(key, &pushed).await?;
        Ok(PushResponse { request_uri, expires_in })
    }
}
