//! Who makes a token request: authenticated while the grant is looked up, because a store may answer both in one round trip.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{Client, ErrorCode, GrantType};

use super::TokenEndpoint;
use crate::client_auth::Credentials;
use crate::error::{Error, Refusal};
use crate::keys::jose::KeySet;
use crate::metadata::path;
use crate::users::subject_identifiers::Naming;

/// A client that is still to be authenticated.
pub struct Caller<'a> {
    pub(super) endpoint: &'a TokenEndpoint,
    pub(super) credentials: &'a Credentials,
    /// From where it calls.
    pub(super) address: &'a str,
}

/// A client that may use a grant, and all that is needed to answer it: whatever is missing is found out before anything
/// is consumed.
pub struct Authenticated {
    /// Who it is.
    pub client: Client,
    /// When it had proven that. A key set may have been fetched for it, or a secret hashed.
    pub now: DateTime<Utc>,
    pub(super) keys: Arc<KeySet>,
    pub(super) naming: Naming,
}

impl Caller<'_> {
    /// The client, if it is registered for this grant.
    ///
    /// # Errors
    /// As [`ClientAuthenticator::authenticate`](crate::client_auth::ClientAuthenticator::authenticate), and
    /// `unauthorized_client`. [`Error::Unavailable`] without keys: nothing could be minted.
    pub async fn authenticated(&self, grant_type: GrantType) -> Result<Authenticated, Error> {
        let Self { endpoint, credentials, address } = self;
        let client = endpoint.authenticator.authenticate(credentials, path::TOKEN, address).await?;
        if !client.grant_types.contains(&grant_type) {
            let refusal =
                Refusal::new(ErrorCode::UnauthorizedClient, "the client may not use this grant type");
            return Err(refusal.because(format!("{} is not registered for {grant_type}", client.id)).into());
        }
        let keys = endpoint.access_tokens.keys.current().await?;
        let naming = endpoint.subjects.of(&client).await?;
        Ok(Authenticated { client, now: endpoint.authenticator.clock.now(), keys, naming })
    }
}
