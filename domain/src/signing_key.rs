//! Signing keys and their states: next, current, previous, retired.
//!
//! The state follows from three instants and `now`, so every node sees the same one.

use chrono::{DateTime, Duration, Utc};

use crate::{KeyId, SigningAlgorithm};

/// How long clients may cache the key set; a next key is published at least this long before it signs.
pub const JWKS_MAX_AGE_SECONDS: i64 = 300;
/// How long a retired public key is kept, unpublished, to verify the hints of a logout.
pub const RETIRED_DAYS: i64 = 90;

/// A signing key at rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// Its RFC 7638 thumbprint.
    pub id: KeyId,
    /// The algorithm.
    pub algorithm: SigningAlgorithm,
    /// The private key (PKCS#8), encrypted.
    pub sealed: Vec<u8>,
    /// When it was created and published.
    pub created_at: DateTime<Utc>,
    /// When it began to sign.
    pub activated_at: Option<DateTime<Utc>>,
    /// When another key replaced it.
    pub superseded_at: Option<DateTime<Utc>>,
}

/// The state of a key at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// Published, does not sign yet.
    Next,
    /// Published, signs.
    Current,
    /// Published, no longer signs: tokens that it signed are still valid.
    Previous,
    /// Unpublished: all tokens that it signed have expired, but an `id_token_hint` may still name it.
    Retired,
    /// Can be deleted.
    Obsolete,
}

/// Why the keys are not rotated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotRotated {
    /// The next key has not been published for long enough; clients may not know it yet.
    #[error("the next key has been published for too short a time; it may sign from {0}")]
    NextTooFresh(DateTime<Utc>),
}

impl SigningKey {
    /// The state at `now`, where every token expires at most `longest_token` after it was signed.
    #[must_use]
    pub fn state(&self, now: DateTime<Utc>, longest_token: Duration) -> KeyState {
        match (self.activated_at, self.superseded_at) {
            (_, Some(superseded)) if now < superseded + longest_token => KeyState::Previous,
            (_, Some(superseded)) if now < superseded + longest_token + Duration::days(RETIRED_DAYS) => {
                KeyState::Retired
            }
            (_, Some(_)) => KeyState::Obsolete,
            (Some(_), None) => KeyState::Current,
            (None, None) => KeyState::Next,
        }
    }

    /// Whether this next key may begin to sign at `now`.
    ///
    /// # Errors
    /// [`NotRotated::NextTooFresh`] with the instant from which it may.
    pub fn may_activate(&self, now: DateTime<Utc>) -> Result<(), NotRotated> {
        let ready = self.created_at + Duration::seconds(JWKS_MAX_AGE_SECONDS);
        if now < ready { Err(NotRotated::NextTooFresh(ready)) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn a_key_walks_through_its_states_in_order() {
        let day = 86_400;
        let mut key = SigningKey {
            id: KeyId::new("k".into()),
            algorithm: SigningAlgorithm::Rs256,
            sealed: vec![],
            created_at: at(0),
            activated_at: None,
            superseded_at: None,
        };
        let hour = Duration::hours(1);
        assert_eq!(key.state(at(1), hour), KeyState::Next);
        assert_eq!(key.may_activate(at(299)), Err(NotRotated::NextTooFresh(at(300))));
        assert_eq!(key.may_activate(at(300)), Ok(()));
        key.activated_at = Some(at(300));
        assert_eq!(key.state(at(301), hour), KeyState::Current);
        key.superseded_at = Some(at(day));
        assert_eq!(key.state(at(day + 3_599), hour), KeyState::Previous);
        assert_eq!(key.state(at(day + 3_600), hour), KeyState::Retired);
        let kept_until = day + 3_600 + 90 * day;
        assert_eq!(key.state(at(kept_until - 1), hour), KeyState::Retired);
        assert_eq!(key.state(at(kept_until), hour), KeyState::Obsolete);
    }
}
