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
