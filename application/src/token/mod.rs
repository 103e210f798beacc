//! The token endpoint (RFC 6749 §3.2): the phases that every grant shares, in order.
//!
//! See docs/decisions/tokens-and-refresh.md.

pub mod access_token;
mod authorization_code;
mod caller;
mod client_credentials;
mod device_code;
mod first_refresh_token;
pub mod id_token;
mod password;
mod refresh_token;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use chrono::Duration;
use domain::scope::OPENID;
use domain::{Audience, Authorization, Client, ErrorCode, GrantType, ResourceIdentifier, Scope, Secret};
use serde_json::{Map, Value};

use crate::client_auth::{ClientAuthenticator, Credentials};
use crate::error::{Error, Refusal};
use crate::metadata::path;
use crate::parameters::Parameters;
use crate::port::Users;
use crate::token::access_token::{Access, AccessTokens, Subject};
use crate::token::id_token::{IdTokens, Wanted};
use crate::users::subject_identifiers::SubjectIdentifiers;

pub use authorization_code::AuthorizationCodeGrant;
pub use caller::{Authenticated, Caller};
pub use client_credentials::ClientCredentialsGrant;
pub use device_code::DeviceCodeGrant;
pub use password::PasswordGrant;
pub use refresh_token::RefreshTokenGrant;

use first_refresh_token::first_refresh_token;

/// One grant: it only has to prove what the client may be given. Everything shared happens around it.
#[async_trait]
pub trait Grant: Send + Sync {
    /// Which `grant_type` it is.
    fn grant_type(&self) -> GrantType;

    /// Authenticates the caller, validates what it presents, then consumes it.
    ///
    /// # Errors
    /// A refusal leaves the presented grant usable, unless it was a replay.
    async fn prove(&self, caller: &Caller<'_>, parameters: &Parameters) -> Result<Proven, Error>;
}

/// What a client proved a right to.
pub struct Proven {
    /// The client.
    pub caller: Authenticated,
    /// On whose behalf.
    pub subject: Subject,
    /// For what.
    pub scope: Scope,
    /// At which resources; none for the client's default audience.
    pub resources: BTreeSet<ResourceIdentifier>,
    /// For the ID token.
    pub nonce: Option<String>,
    /// The refresh token, kept already.
    pub refresh_token: Option<Secret>,
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

/// The token endpoint and the grants that are switched on.
pub struct TokenEndpoint {
    /// Who calls.
    pub authenticator: Arc<ClientAuthenticator>,
    /// By `grant_type`: `grant_types_supported` is the keys of this map.
    pub grants: BTreeMap<GrantType, Box<dyn Grant>>,
    /// Makes access tokens.
    pub access_tokens: Arc<AccessTokens>,
    /// Makes ID tokens.
    pub id_tokens: Arc<IdTokens>,
    /// Names users to clients.
    pub subjects: Arc<SubjectIdentifiers>,
    /// Whom ID tokens are about.
    pub users: Arc<dyn Users>,
}

impl TokenEndpoint {
    /// Answers a token request from `address`.
    ///
    /// # Errors
    /// The codes of RFC 6749 §5.2. Until a grant is proven, nothing is spent.
    pub async fn token(
        &self,
        credentials: &Credentials,
        parameters: &Parameters,
        address: &str,
    ) -> Result<TokenResponse, Error> {
        let grant = match self.grant(parameters) {
            Ok(grant) => grant,
            Err(unsupported) => {
                self.authenticator.authenticate(credentials, path::TOKEN, address).await?;
                return Err(unsupported.into());
            }
        };
        let caller = Caller { endpoint: self, credentials, address };
        let proven = grant.prove(&caller, parameters).await?;
        let Proven { caller: Authenticated { client, now, keys, naming }, subject, scope, resources, .. } =
            &proven;
        let audience = Audience::of(resources, client, &self.access_tokens.settings.issuer, scope);
        let access = Access { subject, naming, scope, audience };
        let access_token = self.access_tokens.issue(keys, client, access, *now).await?;
        let id_token = match &proven.subject {
            Subject::User(grant) if proven.scope.contains(OPENID) => {
                let user = self.claims_for(grant, client).await?;
                let (sub, sid) = (naming.of(grant.user), grant.sid.as_deref().map(|sid| naming.sid(sid)));
                let wanted = Wanted { sub, sid, nonce: proven.nonce.as_deref(), user };
                Some(self.id_tokens.issue(keys, client, grant, wanted, &access_token, *now)?)
            }
            Subject::User(_) | Subject::Client(_) => None,
        };
        Ok(TokenResponse {
            access_token,
            expires_in: self.access_tokens.settings.lifetimes.access_token,
            scope: proven.scope,
            refresh_token: proven.refresh_token,
            id_token,
        })
    }

    /// The claims about the user that were asked for in the ID token and this client may still have.
    async fn claims_for(&self, grant: &Authorization, client: &Client) -> Result<Map<String, Value>, Error> {
        let asked = grant.claims.clone().within(&client.scope);
        if !asked.asks_id_token() {
            return Ok(Map::new());
        }
        let gone = || Refusal::invalid_grant("the user is gone");
        let user = self.users.find(grant.user).await?.ok_or_else(gone)?;
        Ok(asked.for_id_token(&user))
    }

    fn grant(&self, parameters: &Parameters) -> Result<&dyn Grant, Refusal> {
        let named = parameters.require("grant_type", "grant_type is missing")?;
        let known = named.parse().ok().and_then(|grant_type: GrantType| self.grants.get(&grant_type));
        known.map(AsRef::as_ref).ok_or_else(|| {
            Refusal::new(ErrorCode::UnsupportedGrantType, "this server does not support the grant type")
        })
    }
}
