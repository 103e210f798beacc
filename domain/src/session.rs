//! A session: a user who is signed in with one browser.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::acr::AMR_MULTI_FACTOR;
use crate::{SessionId, UserId};

/// A signed-in browser.
///
/// Its id and `sid` stay the same while the cookie's value changes at every
/// authentication (against session fixation).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its id, which authorizations refer to.
    pub id: SessionId,
    /// The session id that clients see (OpenID Connect Front-Channel Logout §3): its own random value.
    pub sid: String,
    /// The user.
    pub user: UserId,
    /// When the user last authenticated (`auth_time`).
    pub auth_time: DateTime<Utc>,
    /// The authentication context (`acr`).
    pub acr: Option<String>,
    /// The authentication methods (`amr`).
    pub amr: Vec<String>,
    /// When the session expires.
    pub expires_at: DateTime<Utc>,
}

impl Session {
    /// Whether the session has not expired at `now`.
    #[must_use]
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at
    }

    /// Whether its user authenticated with several factors.
    #[must_use]
    pub fn has_several_factors(&self) -> bool {
        self.amr.iter().any(|method| method == AMR_MULTI_FACTOR)
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;
    use crate::Methods;

    #[test]
    fn a_session_is_live_until_the_instant_at_which_it_expires() {
        let (expires_at, second) = (DateTime::from_timestamp(1_000, 0).unwrap(), Duration::seconds(1));
        let session = Session {
            id: SessionId::from_random([1; 16]),
            sid: "sid".to_owned(),
            user: UserId::from_random([2; 16]),
            auth_time: DateTime::UNIX_EPOCH,
            acr: None,
            amr: Vec::new(),
            expires_at,
        };
        assert!(session.is_live(expires_at - second));
        assert!(!session.is_live(expires_at) && !session.is_live(expires_at + second));
        assert!(!session.has_several_factors());
        assert!(Session { amr: Methods::PasswordAndCode.amr(), ..session }.has_several_factors());
    }
}
