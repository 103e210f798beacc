//! Refresh tokens: rotation in families, reuse detection and the retry of a client that missed the response (RFC 9700
//! §4.14.2).

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::{AuthorizationId, ClientId, Digest, Scope};

/// One refresh token. Its family is its authorization: the reuse of a spent token revokes the whole family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshToken {
    /// The digest of the token.
    pub digest: Digest,
    /// The authorization, which is also the family.
    pub authorization: AuthorizationId,
    /// The client that it was issued to.
    pub client: ClientId,
    /// Its scope; never more than was granted.
    pub scope: Scope,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// When it expires: the earlier of its idle end and the family's absolute end.
    pub expires_at: DateTime<Utc>,
    /// The rotation that spent it, if it is spent.
    pub spent: Option<Spent>,
}

/// The rotation that spent a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spent {
    /// When the token was rotated.
    pub at: DateTime<Utc>,
    /// The digest of the successor.
    pub successor: Digest,
    /// The successor, encrypted with a key that is derived from the spent token.
    pub sealed_successor: Vec<u8>,
}

impl RefreshToken {
    /// Whether it has not expired at `now`.
    #[must_use]
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at
    }
}

impl Spent {
    /// Whether a repeated presentation at `now` can be the retry of a client that did not receive the response. A
    /// `window` of zero allows no retry.
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

    #[test]
    fn a_refresh_token_is_live_until_the_instant_at_which_it_expires() {
        let (expires_at, second) = (DateTime::from_timestamp(1_000, 0).unwrap(), Duration::seconds(1));
        let token = RefreshToken {
            digest: Digest::of(b"t"),
            authorization: AuthorizationId::from_random([1; 16]),
            client: "web".parse().unwrap(),
            scope: Scope::default(),
            issued_at: DateTime::UNIX_EPOCH,
            expires_at,
            spent: None,
        };
        assert!(token.is_live(expires_at - second));
        assert!(!token.is_live(expires_at) && !token.is_live(expires_at + second));
    }
}
