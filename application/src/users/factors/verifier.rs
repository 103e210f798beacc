//! Verifies the second step: a code of an authenticator app, or a recovery code. The caller limits the attempts.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{AuthenticatorApp, RecoveryCode, SignInEvent, UserFactors, UserId};

use super::totp::AppSecret;
use crate::error::{Error, broken_key};
use crate::keys::sealing::SealingKey;
use crate::port::SecondFactors;

/// Finds and verifies the second factors of users.
pub struct FactorVerifier {
    /// The store.
    pub factors: Arc<dyn SecondFactors>,
    /// Opens the secrets of apps.
    pub sealing_key: Arc<SealingKey>,
}

impl FactorVerifier {
    /// The factors of a user.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn find(&self, user: UserId) -> Result<UserFactors, Error> {
        Ok(self.factors.find(user).await?)
    }

    /// Whether this is a code of the user's app that was not used before. It is used up then.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only, also if the encryption key does not open the secret.
    pub async fn accept_code(
        &self,
        user: UserId,
        factors: &UserFactors,
        code: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, Error> {
        let Some(app) = &factors.app else {
            return Ok(false);
        };
        let context = AuthenticatorApp::seal_context(user, app.incarnation);
        let opened =
            self.sealing_key.open(&context, &app.sealed_secret).map_err(|error| broken_key(&error))?;
        let secret =
            AppSecret::from_bytes(&opened).ok_or_else(|| broken_key(&"a secret of another length"))?;
        match secret.step_of(code, now)? {
            Some(step) => Ok(self.factors.accept_step(user, app.incarnation, step, now).await?),
            None => Ok(false),
        }
    }

    /// Whether this is a recovery code of the user that is not spent. It is spent then, and the event is recorded.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn redeem_recovery_code(
        &self,
        user: UserId,
        code: &str,
        event: &SignInEvent,
    ) -> Result<bool, Error> {
        match RecoveryCode::parse(code) {
            Some(code) => Ok(self.factors.redeem_recovery_code(user, code.digest(user), event).await?),
            None => Ok(false),
        }
    }
}
