//! What operators do about second factors: look which a user has, and remove them after a loss.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::letter::Message;
use domain::{Actor, AuditEvent, Author, FactorKind, User, UserFactors, UserId};
use serde::Serialize;

use crate::context::Context;
use crate::error::Error;
use crate::port::SecondFactors;
use crate::users::mail::MailWriter;

/// Shows and removes the second factors of users.
pub struct FactorAdministration {
    /// The store.
    pub factors: Arc<dyn SecondFactors>,
    /// Tells the user by mail, if mail is set up.
    pub mail: Option<Arc<MailWriter>>,
    /// The clock.
    pub context: Context,
}

/// The second factors of a user, without secrets.
#[derive(Debug, Serialize)]
pub struct FactorsDocument {
    /// Their kinds: `authenticator_app`, `recovery_code`.
    pub factors: Vec<&'static str>,
    /// When the authenticator app was turned on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_enrolled_at: Option<DateTime<Utc>>,
    /// When it was last used at a sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_used_at: Option<DateTime<Utc>>,
    /// How many recovery codes are left.
    pub recovery_codes: u32,
}

impl From<UserFactors> for FactorsDocument {
    fn from(factors: UserFactors) -> Self {
        Self {
            factors: factors.kinds().into_iter().map(FactorKind::as_str).collect(),
            app_enrolled_at: factors.app.as_ref().map(|app| app.enrolled_at),
            app_used_at: factors.app.and_then(|app| app.used_at),
            recovery_codes: factors.recovery_codes,
        }
    }
}

impl FactorAdministration {
    /// The factors of a user.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn show(&self, user: UserId) -> Result<FactorsDocument, Error> {
        Ok(self.factors.find(user).await?.into())
    }

    /// Removes every factor of a user, for an operator. It is false if there was none.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn reset(&self, user: &User, author: impl Into<Author> + Send) -> Result<bool, Error> {
        self.remove_all(user, author.into(), "user.reset-factors").await
    }

    /// Removes every factor of a user. The action is for the audit trail.
    pub(crate) async fn remove_all(
        &self,
        user: &User,
        author: Author,
        action: &'static str,
    ) -> Result<bool, Error> {
        let at = self.context.now();
        // The address of an operator is nothing that a mail tells.
        let address = author.address.clone().filter(|_| author.actor == Actor::Person(user.id));
        let mut event = AuditEvent::new(at, author, action, &user.id);
        if let Some(mail) = &self.mail {
            mail.notify(user, Message::FactorRemoved { at, address }, &mut event)?;
        }
        Ok(self.factors.remove_all(user.id, &event).await?)
    }
}
