//! Verifies that a person has a passkey. The caller limits the attempts.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{CredentialId, Passkey, PasskeyUse, User, UserId};
use webauthn_rs::prelude::DiscoverableAuthentication;

use super::ceremonies::{Ceremonies, Ceremony, Place};
use super::relying_party::{Claimed, Invalid, RelyingParty};
use crate::error::Error;
use crate::port::{Passkeys, UsedPasskey, Users};

/// Begins sign-ins with passkeys, and verifies their answers.
pub struct PasskeyVerifier {
    /// The store.
    pub passkeys: Arc<dyn Passkeys>,
    /// The users who have them.
    pub users: Arc<dyn Users>,
    /// The library.
    pub relying_party: Arc<RelyingParty>,
    /// The challenges.
    pub ceremonies: Arc<Ceremonies>,
}

/// Why nobody is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefusedPasskey {
    /// The challenge has expired, was used before, or is for another place.
    Expired,
    /// No passkey has this id, or not for the user who signs in. None if the answer names none.
    Unknown(Option<CredentialId>),
    /// The answer is not that of this user's passkey. The reason is for the log.
    Invalid(UserId, String),
    /// The count of this user's passkey did not grow: there may be a copy of it.
    Copied(UserId),
    /// The passkey is right, and the user is disabled.
    Disabled(UserId),
}

impl PasskeyVerifier {
    /// A sign-in in this place: with any passkey, or with one of this user's.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub(crate) async fn begin(
        &self,
        place: Place,
        user: Option<UserId>,
        until: DateTime<Utc>,
    ) -> Result<Ceremony, Error> {
        let allowed = match user {
            Some(user) => self.passkeys.list(user).await?,
            None => Vec::new(),
        };
        let (options, state) = self.relying_party.begin_authentication(&allowed)?;
        Ok(Ceremony { options, challenge: self.ceremonies.seal(place, until, state)? })
    }

    /// Verifies the answer to a challenge of this place: with any passkey, or with one of this user's. The challenge is spent, and the
    /// use is recorded.
    ///
    /// The outer result is a failure of the server; the inner one says why the answer is refused.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub(crate) async fn verify(
        &self,
        place: Place,
        (challenge, answer): (&str, &str),
        of: Option<UserId>,
        now: DateTime<Utc>,
    ) -> Result<Result<(User, Passkey), RefusedPasskey>, Error> {
        let Some(waiting) = self.ceremonies.open::<DiscoverableAuthentication>(place, challenge, now)? else {
            return Ok(Err(RefusedPasskey::Expired));
        };
        let Ok(claimed) = RelyingParty::read(answer) else {
            return Ok(Err(RefusedPasskey::Unknown(None)));
        };
        let found = self.passkeys.find(&claimed.id).await?;
        let Some(passkey) = found.filter(|passkey| is_claimed(&claimed, passkey, of)) else {
            return Ok(Err(RefusedPasskey::Unknown(Some(claimed.id))));
        };
        let Some(user) = self.users.find(passkey.user).await? else {
            return Ok(Err(RefusedPasskey::Unknown(Some(claimed.id))));
        };
        let state = waiting.state.clone();
        let used = match self.relying_party.finish_authentication(&claimed, state, &passkey) {
            Ok(used) => used,
            Err(Invalid::Copied) => return Ok(Err(RefusedPasskey::Copied(user.id))),
            Err(Invalid::Answer(reason)) => return Ok(Err(RefusedPasskey::Invalid(user.id, reason))),
        };
        if !user.is_enabled() {
            return Ok(Err(RefusedPasskey::Disabled(user.id)));
        }
        if !self.ceremonies.spend(&waiting).await? {
            return Ok(Err(RefusedPasskey::Expired));
        }
        let used = PasskeyUse { sign_count: used.sign_count, is_backed_up: used.is_backed_up, at: now };
        Ok(match self.passkeys.record_use(&passkey.id, &used).await? {
            UsedPasskey::Accepted => Ok((user, passkey)),
            UsedPasskey::Copied => Err(RefusedPasskey::Copied(user.id)),
            UsedPasskey::Unknown => Err(RefusedPasskey::Unknown(Some(passkey.id))),
        })
    }
}

/// Whether the answer claims to be of this passkey's user. If nobody said before who signs in, it has to say so itself (§7.2).
fn is_claimed(claimed: &Claimed, passkey: &Passkey, of: Option<UserId>) -> bool {
    let names_the_user = claimed.user == Some(passkey.user);
    match of {
        Some(user) => user == passkey.user && (names_the_user || claimed.user.is_none()),
        None => names_the_user,
    }
}
