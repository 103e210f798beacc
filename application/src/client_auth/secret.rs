//! `client_secret_basic` and `client_secret_post` (RFC 6749 §2.3.1).

use domain::client::StoredSecret;
use domain::{ClientId, Secret};

use super::ClientAuthenticator;
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
            let key = AttemptKey::new("client.secret", &[client.as_str(), address]);
            let now = authenticator.clock.now();
            match authenticator.attempts.count(key, authenticator.limit, now).await? {
                Attempt::Allowed => {}
                Attempt::Limited(until) => return Err(Error::Limited(until)),
            }
            let right = match authenticator.passwords.verify(presented.expose(), Some(hash)).await {
                Ok(right) => right,
                Err(error) => {
                    authenticator.attempts.forgive(key).await?;
                    return Err(unavailable(error));
                }
            };
            if right {
                authenticator.attempts.forgive(key).await?;
            }
            right
        }
    };
    if right { Ok(()) } else { Err(Refusal::invalid_client(format!("wrong secret for {client}")).into()) }
}

/// A password that could not be judged: nothing was decided.
pub(crate) fn unavailable(error: PasswordsError) -> Error {
    Error::Unavailable(Unavailable { component: "passwords", reason: error.to_string() })
}
