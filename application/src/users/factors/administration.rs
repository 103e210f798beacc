//! What operators do about second factors: look which a user has, and remove them after a loss.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::letter::Message;
use domain::{Actor, AuditEvent, Author, FactorKind, Passkey, User, UserId};
use serde::Serialize;

use crate::context::Context;
use crate::error::Error;
use crate::port::{Passkeys, SecondFactors};
use crate::users::mail::MailWriter;

/// Shows and removes the second factors of users.
pub struct FactorAdministration {
    /// The store of apps and recovery codes.
    pub factors: Arc<dyn SecondFactors>,
    /// The store of passkeys.
    pub passkeys: Arc<dyn Passkeys>,
    /// Tells the user by mail, if mail is set up.
    pub mail: Option<Arc<MailWriter>>,
    /// The clock.
    pub context: Context,
}

/// The second factors of a user, without secrets.
#[derive(Debug, Serialize)]
pub struct FactorsDocument {
    /// Their kinds: `passkey`, `authenticator_app`, `recovery_code`.
    pub factors: Vec<&'static str>,
    /// The passkeys, the oldest first.
    pub passkeys: Vec<PasskeyDocument>,
    /// When the authenticator app was turned on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_enrolled_at: Option<DateTime<Utc>>,
    /// When it was last used at a sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_used_at: Option<DateTime<Utc>>,
    /// How many recovery codes are left.
    pub recovery_codes: u32,
}

/// A passkey, without what verifies it.
#[derive(Debug, Serialize)]
pub struct PasskeyDocument {
    name: String,
    /// Whether it may be copied to other devices.
    syncable: bool,
    backed_up: bool,
    on_security_key: bool,
    made_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    used_at: Option<DateTime<Utc>>,
}

impl From<&Passkey> for PasskeyDocument {
    fn from(passkey: &Passkey) -> Self {
        Self {
            name: passkey.name.as_str().to_owned(),
            syncable: passkey.is_syncable,
            backed_up: passkey.is_backed_up,
            on_security_key: passkey.is_on_security_key,
            made_at: passkey.made_at,
            used_at: passkey.used_at,
        }
    }
}

impl FactorAdministration {
    /// The factors of a user.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn show(&self, user: UserId) -> Result<FactorsDocument, Error> {
        let factors = self.factors.find(user).await?;
        let passkeys = self.passkeys.list(user).await?;
        Ok(FactorsDocument {
            factors: factors.kinds().into_iter().map(FactorKind::as_str).collect(),
            passkeys: passkeys.iter().map(PasskeyDocument::from).collect(),
            app_enrolled_at: factors.app.as_ref().map(|app| app.enrolled_at),
            app_used_at: factors.app.and_then(|app| app.used_at),
            recovery_codes: factors.recovery_codes,
        })
    }

    /// Removes every factor of a user, passkeys too, for an operator. It is false if there was none.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn reset(&self, user: &User, author: impl Into<Author> + Send) -> Result<bool, Error> {
        let event = self.event(user, author.into(), "user.reset-factors")?;
        Ok(self.factors.remove_all(user.id, &event).await?)
    }

    /// Turns off the app of a user, for a request from `address`.
    pub(crate) async fn remove_app(&self, user: &User, author: Author) -> Result<bool, Error> {
        let event = self.event(user, author, "user.remove-factors")?;
        Ok(self.factors.remove_app(user.id, &event).await?)
    }

    /// The event of a removal, with its mail.
    fn event(&self, user: &User, author: Author, action: &'static str) -> Result<AuditEvent, Error> {
        let at = self.context.now();
        // The address of an operator is nothing that a mail tells.
        let address = author.address.clone().filter(|_| author.actor == Actor::Person(user.id));
        let mut event = AuditEvent::new(at, author, action, &user.id);
        if let Some(mail) = &self.mail {
            mail.notify(user, Message::FactorRemoved { at, address }, &mut event)?;
        }
        Ok(event)
    }
}
