//! Access tokens that are kept rather than signed.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::Digest;

use super::{TokenReference, Unavailable};
use crate::token::access_token::{AccessTokenClaims, JudgedToken};

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

    /// The token with this digest and what it is worth at `now`, in one look-up: the same that
    /// [`Authorizations::standing`](super::Authorizations::standing) says of its reference. Whether it has
    /// expired is for the caller to judge.
    async fn find(&self, digest: Digest, now: DateTime<Utc>) -> Result<Option<JudgedToken>, Unavailable>;
}
