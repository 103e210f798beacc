//! A new passkey. Nothing is stored before the browser has made it, and it has signed the challenge of the page.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use domain::letter::Message;
use domain::passkey::MAX_PASSKEYS;
use domain::{Actor, AuditEvent, Author, Passkey, PasskeyName, User};
use serde_json::Value;
use webauthn_rs::prelude::PasskeyRegistration;

use super::ceremonies::{Ceremonies, Ceremony, Place};
use super::provider::provider_name;
use super::relying_party::{NewCredential, RelyingParty};
use crate::context::Context;
use crate::error::Error;
use crate::port::{AddedPasskey, Passkeys};
use crate::users::mail::MailWriter;

/// How long a challenge waits in its page.
const LIFETIME: Duration = Duration::minutes(30);

/// Adds passkeys.
pub struct PasskeyEnrolment {
    /// The store.
    pub passkeys: Arc<dyn Passkeys>,
    /// The library.
    pub relying_party: Arc<RelyingParty>,
    /// The challenges.
    pub ceremonies: Arc<Ceremonies>,
    /// Tells the user by mail, if mail is set up.
    pub mail: Option<Arc<MailWriter>>,
    /// The clock.
    pub context: Context,
}

/// What became of a new passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewPasskey {
    /// The user has it.
    Done(Passkey),
    /// The challenge has expired, was used before, or is for another place.
    Expired,
    /// The answer of the browser is not that to the challenge, or a user has the passkey already.
    Refused,
    /// The user has as many passkeys as they may have.
    TooMany,
}

impl PasskeyEnrolment {
    /// A passkey to be made in this place; none if the user has as many as they may have.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub(crate) fn begin(
        &self,
        place: Place,
        user: &User,
        known: &[Passkey],
    ) -> Result<Option<Ceremony>, Error> {
        if known.len() >= MAX_PASSKEYS as usize {
            return Ok(None);
        }
        let (options, state) = self.relying_party.begin_registration(user, known)?;
        let challenge = self.ceremonies.seal(place, self.context.now() + LIFETIME, state)?;
        Ok(Some(Ceremony { options, challenge }))
    }

    /// Adds the passkey of this answer, for a request from `address`. It is called after the program that keeps it, else `fallback`.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub(crate) async fn confirm(
        &self,
        place: Place,
        user: &User,
        (challenge, answer): (&str, &str),
        (fallback, address): (&PasskeyName, &str),
    ) -> Result<NewPasskey, Error> {
        let now = self.context.now();
        let Some(waiting) = self.ceremonies.open::<PasskeyRegistration>(place, challenge, now)? else {
            return Ok(NewPasskey::Expired);
        };
        let made = match self.relying_party.finish_registration(answer, &waiting.state) {
            Ok(made) => made,
            Err(reason) => {
                tracing::info!(user = %user.id, reason, "a new passkey was refused");
                return Ok(NewPasskey::Refused);
            }
        };
        if !self.ceremonies.spend(&waiting).await? {
            return Ok(NewPasskey::Expired);
        }
        let NewCredential { id, credential, sign_count, is_syncable, is_backed_up } = made;
        let told: Value = serde_json::from_str(answer).unwrap_or_default();
        let passkey = Passkey {
            id,
            user: user.id,
            name: provider(&told).unwrap_or_else(|| fallback.clone()),
            credential,
            sign_count,
            is_syncable,
            is_backed_up,
            is_on_security_key: !is_syncable && told["authenticatorAttachment"] == "cross-platform",
            made_at: now,
            used_at: None,
        };
        let author = Author::at(Actor::Person(user.id), address);
        let mut event = AuditEvent::new(now, author, "user.add-passkey", &user.id);
        if let Some(mail) = &self.mail {
            let address = Some(address.to_owned());
            mail.notify(user, Message::PasskeyAdded { at: now, address }, &mut event)?;
        }
        Ok(match self.passkeys.add(&passkey, MAX_PASSKEYS, &event).await? {
            AddedPasskey::Done => NewPasskey::Done(passkey),
            AddedPasskey::Taken => NewPasskey::Refused,
            AddedPasskey::TooMany => NewPasskey::TooMany,
            AddedPasskey::Unknown => NewPasskey::Expired,
        })
    }
}

/// The program that keeps the passkey, by its own words.
fn provider(answer: &Value) -> Option<PasskeyName> {
    let data = answer["response"]["authenticatorData"].as_str()?;
    provider_name(&URL_SAFE_NO_PAD.decode(data).ok()?)?.parse().ok()
}
