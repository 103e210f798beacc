//! `client_secret_basic` and `client_secret_post` (RFC 6749 §2.3.1).

use domain::client::StoredSecret;
use domain::{ClientId, Secret};

use super::ClientAuthenticator;
use super::verified::Presented;
use crate::error::{Error, Refusal};
use crate::port::{Attempt, AttemptKey, PasswordsError, Unavailable};

/// Compares a presented secret with what is kept.
///
/// A generated secret has 256 bits and is not counted: guessing is hopeless, and counting would cost a
/// round trip. One that an operator chose is counted per client and address, so that nobody can lock
/// the client out from elsewhere.
pub(super) async fn prove(
    authenticator: &ClientAuthenticator,
    client: &ClientId,
    kept: &StoredSecret,
    presented: &Secret,
    address: &str,
) -> Result<(), Error> {
    let right = match kept {
        StoredSecret::Generated(digest) => presented.digest() == *digest,
        StoredSecret::Chosen(hash) => {
            let presented = Presented { client, address, hash, secret: presented };
            authenticator.verified.knows(&presented) || chosen(authenticator, &presented).await?
        }
    };
    if right { Ok(()) } else { Err(Refusal::invalid_client(format!("wrong secret for {client}")).into()) }
}

/// Verifies a chosen secret, one at a time per client.
async fn chosen(authenticator: &ClientAuthenticator, presented: &Presented<'_>) -> Result<bool, Error> {
    let ClientAuthenticator { verified, attempts, passwords, .. } = authenticator;
    let _turn = verified.turn(presented.client).await;
    if verified.knows(presented) {
        return Ok(true);
    }
    verified.forget(presented);
    let key = AttemptKey::new("client.secret", &[presented.client.as_str(), presented.address]);
    let limit = authenticator.context.settings.login_limit;
    match attempts.count(key, limit, authenticator.context.now()).await? {
        Attempt::Allowed => {}
        Attempt::Limited(until) => return Err(Error::Limited(until)),
    }
    match passwords.verify(presented.secret.expose(), Some(presented.hash)).await {
        Ok(true) => {
            attempts.forgive(key).await?;
            verified.remember(presented);
            Ok(true)
        }
        Ok(false) => Ok(false),
        Err(error) => {
            attempts.forgive(key).await?;
            Err(unavailable(error))
        }
    }
}

/// A password that could not be judged: nothing was decided.
pub(crate) fn unavailable(error: PasswordsError) -> Error {
    Error::Unavailable(Unavailable { component: "passwords", reason: error.to_string() })
}
