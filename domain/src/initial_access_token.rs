//! Initial access tokens: the permission to register clients without an operator (RFC 7591 §1.2, §3).

use chrono::{DateTime, Utc};

use crate::self_registration::RegistrationLimits;
use crate::{Digest, InitialAccessTokenId};

/// An initial access token, limited in number and time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InitialAccessToken {
    /// Its id, which does not reveal the token.
    pub id: InitialAccessTokenId,
    /// The digest of the token.
    pub token: Digest,
    /// The limits of the clients that register with it.
    pub limits: RegistrationLimits,
    /// How many clients can register with it.
    pub uses: u32,
    /// How many clients have registered with it.
    pub used: u32,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it expires.
    pub expires_at: DateTime<Utc>,
}

impl InitialAccessToken {
    /// Whether one more client can register with it at `now`.
    #[must_use]
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        self.used < self.uses && now < self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;

    #[test]
    fn a_token_registers_as_many_clients_as_it_is_for_and_until_it_expires() {
        let (before, end) = (DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH + Duration::seconds(1));
        for (used, now, is_live) in [
            (0, before, true),
            (1, before, true),
            (2, before, false),
            (3, before, false),
            (0, end, false),
            (0, end + Duration::seconds(1), false),
        ] {
            let token = InitialAccessToken {
                id: InitialAccessTokenId::from_random([1; 16]),
                token: Digest::of(b"token"),
                limits: RegistrationLimits::default(),
                uses: 2,
                used,
                created_at: before,
                expires_at: end,
            };
            assert_eq!(token.is_live(now), is_live, "{used} at {now}");
        }
    }
}
