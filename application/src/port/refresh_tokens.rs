//! Refresh tokens and their rotation (RFC 9700 §4.14.2).

use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::{Authorization, Digest, RefreshToken};

use super::Unavailable;

/// A presented token with its authorization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresentedToken {
    /// The token. It may be spent or expired.
    pub token: RefreshToken,
    /// The authorization that it belongs to.
    pub authorization: Authorization,
    /// When the session expires that the authorization ends with. None for an offline one, and for one without a session.
    pub session_expires_at: Option<DateTime<Utc>>,
    /// Whether the authorization is valid: it, its session, its user and its client are not revoked, ended, disabled
    /// or deleted.
    pub is_valid: bool,
}

/// The outcome of a rotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rotation {
    /// The token is spent and the successor is kept.
    Rotated,
    /// The token was spent within the window and its successor is unused. The client gets the same successor again.
    Retry {
        /// The successor, encrypted under a key that the spent token yields.
        sealed_successor: Vec<u8>,
    },
    /// The token was spent and this is not an honest retry. The authorization is revoked, with everything issued from
    /// it.
    Reused,
    /// The token is unknown or expired, or its authorization is invalid. Nothing changed. (A spent token that is not an
    /// honest retry is [`Rotation::Reused`], also when its authorization is invalid.)
    Refused,
}

/// Keeps refresh tokens under their digests. A spent token is kept as long as its family can live.
#[async_trait]
pub trait RefreshTokens: Send + Sync {
    /// Finds the token with this digest and its authorization at `now`.
    async fn find(&self, digest: Digest, now: DateTime<Utc>) -> Result<Option<PresentedToken>, Unavailable>;

    /// Spends a token and keeps its successor, in one transaction: of any number of concurrent calls for one token,
    /// exactly one is [`Rotation::Rotated`]. Within `window` the others are [`Rotation::Retry`] with that successor,
    /// after it [`Rotation::Reused`].
    ///
    /// `sealed_successor` is the successor, encrypted under a key derived from the presented token. A retry gets it
    /// until the successor is used. [`Expired`](super::Expired) removes it after `window`. A successor of another
    /// authorization or another client is [`Rotation::Refused`].
    async fn rotate(
        &self,
        presented: Digest,
        successor: &RefreshToken,
        sealed_successor: &[u8],
        window: Duration,
        now: DateTime<Utc>,
    ) -> Result<Rotation, Unavailable>;
}
