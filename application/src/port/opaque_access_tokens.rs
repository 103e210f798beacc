//! Access tokens that are kept rather than signed.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{Audience, ClientId, Digest, Scope};
use serde::{Deserialize, Serialize};

use super::{TokenReference, TokenStatus, Unavailable};

/// The claims of an access token (RFC 9068 §2.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessTokenClaims {
    /// Who issued it.
    pub iss: String,
    /// The user, as the client knows them, or the client itself.
    pub sub: String,
    /// For whom it is.
    pub aud: Audience,
    /// When it expires, in seconds since 1970.
    pub exp: i64,
    /// When it was issued.
    pub iat: i64,
    /// `<authorization id>.<random>`.
    pub jti: String,
    /// To whom it was issued.
    pub client_id: ClientId,
    /// What it allows; left out if that is nothing (RFC 6749 §3.3 knows no empty scope).
    #[serde(skip_serializing_if = "Scope::is_empty", default)]
    pub scope: Scope,
    /// When the user authenticated, where one is present.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub auth_time: Option<i64>,
    /// In which context.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub acr: Option<String>,
}

/// A token of this server that has not expired, and whether it is still valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedToken {
    /// What it says.
    pub claims: AccessTokenClaims,
    /// Whether it is valid.
    pub status: TokenStatus,
}

/// Keeps opaque access tokens under their digests, each until it has expired.
#[async_trait]
pub trait OpaqueAccessTokens: Send + Sync {
    /// Keeps a new token: what it says, what it is known by, and until when.
    async fn keep(
        &self,
        digest: Digest,
        claims: &AccessTokenClaims,
        reference: &TokenReference,
        expires_at: DateTime<Utc>,
    ) -> Result<(), Unavailable>;

    /// The token with this digest and whether it is valid at `now`, in one look-up: the same that
    /// [`Authorizations::token_status`](super::Authorizations::token_status) says of its reference. Whether it has
    /// expired is for the caller to judge.
    async fn find(&self, digest: Digest, now: DateTime<Utc>) -> Result<Option<JudgedToken>, Unavailable>;
}
