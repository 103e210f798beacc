//! Refresh tokens and their rotation (RFC 9700 §4.14.2).

use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::{Authorization, Digest, RefreshToken};

use super::Unavailable;

/// A token that a client presented, with its grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresentedToken {
    /// The token, spent or not, expired or not.
    pub token: RefreshToken,
    /// What it renews.
    pub authorization: Authorization,
    /// Whether the authorization is valid: neither it, its session, its user nor its client has ended it.
    pub is_valid: bool,
}

/// What became of a rotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rotation {
    /// The token is spent and the successor is kept.
    Rotated,
    /// It was spent within the window, and its successor is unused: hand out the same successor again.
    Retry {
        /// The successor, encrypted for the holder of the spent token.
        sealed_successor: Vec<u8>,
    },
    /// It was spent and this is no honest retry: the authorization is revoked, with everything issued from it.
    Reused,
    /// Nothing to rotate: unknown, expired, or its authorization is not valid. (A spent token that is no
    /// honest retry is [`Rotation::Reused`] even then.)
    Refused,
}

/// Keeps refresh tokens under their digests, a spent one as long as its family can live.
#[async_trait]
pub trait RefreshTokens: Send + Sync {
    /// The token with this digest and its grant, at `now`.
    async fn find(&self, digest: Digest, now: DateTime<Utc>) -> Result<Option<PresentedToken>, Unavailable>;

    /// Spends a token and keeps its successor, in one transaction: of any number of concurrent calls for
    /// one token, exactly one is [`Rotation::Rotated`]; the others are [`Rotation::Retry`] with that one
    /// successor inside `window`, else [`Rotation::Reused`].
    ///
    /// `sealed_successor` is the successor encrypted under a key derived from the presented token. It is handed
    /// out until the successor is used; [`Expired`](super::Expired) removes it after `window`.
    /// A successor of another authorization or client than the presented token's is [`Rotation::Refused`].
    async fn rotate(
        &self,
        presented: Digest,
        successor: &RefreshToken,
        sealed_successor: &[u8],
        window: Duration,
        now: DateTime<Utc>,
    ) -> Result<Rotation, Unavailable>;
}
