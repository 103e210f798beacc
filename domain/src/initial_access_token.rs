//! What lets somebody register clients without an operator (RFC 7591 §1.2, §3).

use chrono::{DateTime, Utc};

use crate::self_registration::RegistrationLimits;
use crate::{Digest, InitialAccessTokenId};

/// An initial access token, limited in number and time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InitialAccessToken {
    /// Names it without revealing it.
    pub id: InitialAccessTokenId,
    /// The token.
    pub token: Digest,
    /// What the clients that it registers may register for themselves.
    pub limits: RegistrationLimits,
    /// How many registrations it is good for.
    pub uses: u32,
    /// How many there were.
    pub used: u32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
}

impl InitialAccessToken {
    /// Whether it admits one more registration at `now`.
    #[must_use]
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        self.used < self.uses && now < self.expires_at
    }
}
