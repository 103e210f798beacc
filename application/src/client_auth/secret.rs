//! `client_secret_basic` and `client_secret_post` (RFC 6749 §2.3.1).

use std::sync::Arc;

use domain::client::StoredSecret;
use domain::refusal::AuthenticationCause;
use domain::{ClientId, Secret};

use super::verified::{PresentedSecret, VerifiedSecrets};
use crate::context::Context;
use crate::error::{Error, Limited, Refusal};
use crate::port::{Attempt, AttemptKey, Attempts, Counter, Forgiven, Passwords};

/// Verifies client secrets.
///
/// A generated secret has 256 bits. Wrong ones are not counted: it cannot be guessed, and counting would cost a round trip.
/// A secret that an operator chose may be weak, so wrong ones are counted per client and address: an attacker at one
/// address cannot lock the client out at another.
pub struct SecretVerifier {
    /// Verifies secrets that an operator chose.
    pub passwords: Arc<dyn Passwords>,
    /// Counts wrong chosen secrets.
    pub attempts: Arc<dyn Attempts>,
    /// The chosen secrets that need not be hashed again.
    pub verified: VerifiedSecrets,
    /// The limit of wrong chosen secrets, and the clock.
    pub context: Context,
}

impl SecretVerifier {
    /// Compares a presented secret with the stored one.
    pub(super) async fn verify(
        &self,
        client: &ClientId,
        stored: &StoredSecret,
        presented: &Secret,
        address: &str,
    ) -> Result<(), Error> {
        let right = match stored {
            StoredSecret::Generated(digest) => presented.digest() == *digest,
            StoredSecret::Chosen(hash) => {
                let presented = PresentedSecret { client, address, hash, secret: presented };
                self.verified.contains(&presented) || self.verify_chosen(&presented).await?
            }
        };
        if right {
            return Ok(());
        }
        let is_chosen = matches!(stored, StoredSecret::Chosen(_));
        Err(Refusal::invalid_client(AuthenticationCause::WrongSecret { is_chosen }).to_client(client).into())
    }

    /// Verifies a chosen secret, one at a time per client.
    async fn verify_chosen(&self, presented: &PresentedSecret<'_>) -> Result<bool, Error> {
        let _turn = self.verified.turn(presented.client).await;
        if self.verified.contains(presented) {
            return Ok(true);
        }
        self.verified.forget(presented);
        let key = AttemptKey::new("client.secret", &[presented.client.as_str(), presented.address]);
        let limit = self.context.settings.authentication_limit;
        if let Attempt::Limited(until) =
            self.attempts.count(&[Counter::new(key, limit)], self.context.now()).await?
        {
            let what = format!("wrong secrets of {} from {}", presented.client, presented.address);
            return Err(Limited::new(until, &what, limit).of_guesses().into());
        }
        match self.passwords.verify(presented.secret.expose(), Some(presented.hash)).await {
            Ok(true) => {
                self.attempts.forgive(&[Forgiven::One(key)]).await?;
                self.verified.remember(presented);
                Ok(true)
            }
            Ok(false) => Ok(false),
            Err(error) => {
                self.attempts.forgive(&[Forgiven::One(key)]).await?;
                Err(error.into())
            }
        }
    }
}
