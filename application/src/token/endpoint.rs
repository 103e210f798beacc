//! The phases of a token request that every grant shares, in order.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use domain::refusal::GrantCause;
use domain::{Caller, Client, ErrorCode, GrantType, Quoted, Scope, Secret};
use tokio::join;

use super::access_token::AccessTokens;
use super::grant::{Grant, TokenRequest};
use super::id_token::IdTokens;
use crate::client_auth::{ClientAuthenticator, Credentials};
use crate::context::Context;
use crate::error::{Error, Refusal};
use crate::keys::Keys;
use crate::keys::jose::KeySet;
use crate::login::recorder::SignInRecorder;
use crate::metadata::path;
use crate::parameters::Parameters;
use crate::port::{Authorizations, Clients};
use crate::resource::indicators::ResourceIndicators;
use crate::users::subject_identifiers::SubjectIdentifiers;

/// The token endpoint and the grants that are switched on.
pub struct TokenEndpoint {
    /// Authenticates clients.
    pub authenticator: Arc<ClientAuthenticator>,
    /// By `grant_type`: `grant_types_supported` is the keys of this map.
    pub grants: BTreeMap<GrantType, Box<dyn Grant>>,
    /// The history of sign-ins: the password grant is one.
    pub sign_ins: Arc<SignInRecorder>,
    /// Where authorizations are recorded, with their first refresh tokens.
    pub authorizations: Arc<dyn Authorizations>,
    /// Remembers that a client is used.
    pub clients: Arc<dyn Clients>,
    /// Finds the resources that tokens are for.
    pub indicators: Arc<ResourceIndicators>,
    /// Makes access tokens.
    pub access_tokens: Arc<AccessTokens>,
    /// Makes ID tokens.
    pub id_tokens: Arc<IdTokens>,
    /// The keys that sign both.
    pub keys: Arc<Keys>,
    /// Makes the `sub` of each user for each client.
    pub subject_identifiers: Arc<SubjectIdentifiers>,
    /// Settings, clock and entropy.
    pub context: Context,
}

/// A successful answer (RFC 6749 §5.1).
#[derive(Debug)]
pub struct TokenResponse {
    /// `access_token`, of type `Bearer`.
    pub access_token: Secret,
    /// `expires_in`.
    pub expires_in: Duration,
    /// `scope`.
    pub scope: Scope,
    /// `refresh_token`.
    pub refresh_token: Option<Secret>,
    /// `id_token`.
    pub id_token: Option<String>,
}

/// A client that has authenticated and may use the grant, and all that minting needs: if something is missing, the
/// request fails before anything is consumed.
pub(super) struct AuthenticatedClient {
    pub(super) client: Client,
    /// When the client had authenticated. That takes time when a key set is fetched or a secret hashed.
    pub(super) now: DateTime<Utc>,
    pub(super) keys: Arc<KeySet>,
}

impl TokenEndpoint {
    /// Answers a token request.
    ///
    /// # Errors
    /// The codes of RFC 6749 §5.2. Until the grant is proven, nothing is consumed.
    pub async fn token(
        &self,
        credentials: &Credentials,
        parameters: &Parameters,
        caller: &Caller,
    ) -> Result<TokenResponse, Error> {
        let address = &caller.network;
        let grant = match self.select(parameters) {
            Ok(grant) => grant,
            Err(unsupported) => {
                self.authenticator.authenticate(credentials, path::TOKEN, address).await?;
                return Err(unsupported.into());
            }
        };
        // 1. Authenticate the client and look up what it presents, at the same time: a store may answer both in one
        //    round trip. The client's refusal comes first.
        let (authenticated, presented) = join!(
            self.authenticate(credentials, grant.grant_type(), address),
            grant.look_up(parameters, self.context.now()),
        );
        let authenticated = authenticated?;
        let presented = presented?;
        // 2. The grant validates the presented credential, and consumes it.
        let request =
            TokenRequest { client: &authenticated.client, parameters, caller, now: authenticated.now };
        let proven = presented.prove(&request).await?;
        // 3. Record a new authorization, with its first refresh token.
        let granted = self.record(&authenticated, proven).await?;
        // 4. Mint the access token and the ID token.
        self.mint(&authenticated, granted).await
    }

    /// The grant that the request names.
    fn select(&self, parameters: &Parameters) -> Result<&dyn Grant, Refusal> {
        let named = parameters.require("grant_type", "grant_type is missing")?;
        let known = named.parse().ok().and_then(|grant_type: GrantType| self.grants.get(&grant_type));
        known.map(AsRef::as_ref).ok_or_else(|| {
            let supported = self.grants.keys().map(|grant| grant.as_str().to_owned()).collect();
            Refusal::new(ErrorCode::UnsupportedGrantType, "this server does not support the grant type")
                .because(GrantCause::Unsupported { sent: Quoted::new(named), supported })
        })
    }

    /// The client, if it is registered for this grant.
    async fn authenticate(
        &self,
        credentials: &Credentials,
        grant_type: GrantType,
        address: &str,
    ) -> Result<AuthenticatedClient, Error> {
        let client = self.authenticator.authenticate(credentials, path::TOKEN, address).await?;
        if !client.grant_types.contains(&grant_type) {
            let refusal =
                Refusal::new(ErrorCode::UnauthorizedClient, "the client may not use this grant type");
            return Err(refusal.because(GrantCause::not_registered(&client, grant_type)).into());
        }
        if grant_type != GrantType::ClientCredentials && !self.context.settings.lets_users_enter(&client) {
            return Err(Refusal::invalid_grant(GrantCause::NobodyMayEnter).into());
        }
        let keys = self.keys.with_signing_key(client.id_token_signed_response_alg).await?;
        // The key of its names is read now, so that the request fails before anything is consumed.
        self.subject_identifiers.for_client(&client).await?;
        Ok(AuthenticatedClient { client, now: self.context.now(), keys })
    }
}
