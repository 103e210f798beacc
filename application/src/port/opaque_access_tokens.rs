//! Opaque access tokens. The store keeps them, and no key signs them.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{Audience, ClientId, Digest, Scope};
use serde::{Deserialize, Serialize};

use super::{TokenOrigin, TokenReference, TokenStatus, Unavailable};

/// The claims of an access token (RFC 9068 §2.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessTokenClaims {
    /// Who issued it.
    pub iss: String,
    /// The user, as the client knows them, or the client itself.
    pub sub: String,
    /// Its audience.
    pub aud: Audience,
    /// When it expires, in seconds since 1970.
    pub exp: i64,
    /// When it was issued.
    pub iat: i64,
    /// `<authorization id>.<random>`, or `<incarnation>.<random>` of a client's own token, followed by `.<incarnation>` for
    /// each resource that it is for.
    pub jti: String,
    /// The client it was issued to.
    pub client_id: ClientId,
    /// Its scope. An empty scope is left out, because RFC 6749 §3.3 does not allow one.
    #[serde(skip_serializing_if = "Scope::is_empty", default)]
    pub scope: Scope,
    /// When the user authenticated, if a user is present.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub auth_time: Option<i64>,
    /// The authentication context of the user.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub acr: Option<String>,
}

impl AccessTokenClaims {
    /// Identifies the token for the stores. None if this server did not make the `jti`.
    #[must_use]
    pub fn reference(&self) -> Option<TokenReference> {
        let mut parts = self.jti.split('.');
        let (id, _random) = (parts.next()?, parts.next()?);
        let origin = if self.sub == self.client_id.as_str() {
            let resources = parts.map(|part| part.parse().ok()).collect::<Option<_>>()?;
            TokenOrigin::Client { client: id.parse().ok()?, resources }
        } else {
            TokenOrigin::User(id.parse().ok()?)
        };
        let token = Digest::of(self.jti.as_bytes());
        Some(TokenReference { token, client: self.client_id.clone(), origin })
    }
}

/// An access token of this server that is well formed and has not expired, with its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedToken {
    /// Its claims.
    pub claims: AccessTokenClaims,
    /// Its status.
    pub status: TokenStatus,
}

/// Keeps opaque access tokens under their digests, each until it has expired.
#[async_trait]
pub trait OpaqueAccessTokens: Send + Sync {
    /// Keeps a new token with its claims and its reference until `expires_at`. A digest that is taken is an error.
    async fn keep(
        &self,
        digest: Digest,
        claims: &AccessTokenClaims,
        reference: &TokenReference,
        expires_at: DateTime<Utc>,
    ) -> Result<(), Unavailable>;

    /// Finds the token with this digest and its status at `now`, with one look-up. The status is the same that
    /// [`Authorizations::token_status`](super::Authorizations::token_status) gives for its reference. The caller checks whether
    /// the token has expired.
    async fn find(&self, digest: Digest, now: DateTime<Utc>) -> Result<Option<JudgedToken>, Unavailable>;
}
