//! The pushed authorization request endpoint (RFC 9126 §2).

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use domain::{Client, PushedRequest, RequestUri};

use super::check::RequestChecks;
use crate::client_auth::strangers::{self, Bound};
use crate::client_auth::{ClientAuthenticator, Credentials};
use crate::context::Context;
use crate::error::{Error, Refusal};
use crate::metadata::path;
use crate::parameters::Parameters;
use crate::port::{AttemptKey, Attempts, PushedRequests};

/// Accepts authorization requests that clients push.
pub struct PushedRequestEndpoint {
    /// Authenticates the client; a public client only names itself.
    pub authenticator: Arc<ClientAuthenticator>,
    /// The checks of a request.
    pub checks: Arc<RequestChecks>,
    /// The store of pushed requests.
    pub pushed_requests: Arc<dyn PushedRequests>,
    /// Counts the requests that strangers push.
    pub attempts: Arc<dyn Attempts>,
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
    /// §2.1); the errors of the authorization endpoint; [`Error::Limited`] after too many requests of public or self-registered
    /// clients from one address, or from all.
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
        let now = self.context.now();
        let mut request = self.checks.check_pushed(&client, parameters).await?;
        let request_uri = RequestUri::from_random(self.context.entropy.bytes());
        let key = request_uri.digest();
        request.pushed = Some(key);
        let expires_in = self.context.settings.lifetimes.pushed_request;
        let pushed = PushedRequest { request, expires_at: now + expires_in };
        self.count(&client, address, now).await?;
        self.pushed_requests.push(key, &pushed).await?;
        Ok(PushResponse { request_uri, expires_in })
    }

    /// Counts a request that will be kept for a stranger.
    async fn count(&self, client: &Client, address: &str, now: DateTime<Utc>) -> Result<(), Error> {
        if !strangers::is_a_stranger(client) {
            return Ok(());
        }
        let settings = &self.context.settings;
        let own = Bound {
            counter: AttemptKey::new("push.address", &[address]),
            limit: settings.push_limit,
            what: &format!("pushed requests from {address}"),
        };
        let shared = Bound {
            counter: AttemptKey::new("push.all", &[]),
            limit: settings.shared_limit,
            what: "pushed requests of public and self-registered clients",
        };
        strangers::count(&*self.attempts, own, shared, now).await
    }
}
