//! Refresh tokens: rotation in families, reuse detection and the honest retry (RFC 9700 §4.14.2).

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::{AuthorizationId, ClientId, Digest, Scope};

/// One refresh token. Its family is its authorization: reuse of any spent member revokes them all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshToken {
    /// What a store keeps of the token.
    pub digest: Digest,
    /// The family.
    pub authorization: AuthorizationId,
    /// To whom it was issued.
    pub client: ClientId,
    /// What it can renew: never more than was granted.
    pub scope: Scope,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// The earlier of its idle and its family's absolute end.
    pub expires_at: DateTime<Utc>,
    /// How it was spent, if it was.
    pub spent: Option<Spent>,
}

/// The rotation that spent a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spent {
    /// When.
    pub at: DateTime<Utc>,
    /// What came in its place.
    pub successor: Digest,
    /// The successor, encrypted under a key that only the holder of the spent token has.
    pub sealed_successor: Vec<u8>,
}

impl RefreshToken {
    /// Whether it can still be used at `now`.
    #[must_use]
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at
    }
}

impl Spent {
    /// Whether presenting the token again at `now` may be the honest retry of a client
    /// that never saw the answer. A `window` of zero never forgives.
    #[must_use]
    pub fn may_be_retried(&self, window: Duration, now: DateTime<Utc>) -> bool {
        window > Duration::zero() && now - self.at <= window
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_of_zero_never_forgives() {
        let at = DateTime::from_timestamp(1_000, 0).unwrap();
        let spent = Spent { at, successor: Digest::of(b"s"), sealed_successor: vec![] };
        assert!(!spent.may_be_retried(Duration::zero(), at));
        assert!(spent.may_be_retried(Duration::seconds(10), at + Duration::seconds(10)));
        assert!(!spent.may_be_retried(Duration::seconds(10), at + Duration::seconds(11)));
    }
}
