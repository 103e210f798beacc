//! Client authentication (RFC 6749 §2.3), the same at every endpoint that needs it.

mod none;
mod secret;
mod verified;

pub(crate) use secret::unavailable;
pub use verified::VerifiedSecrets;

use std::sync::Arc;

use domain::client::ClientAuthentication;
use domain::{Client, ClientId, Secret};

use crate::error::{Error, Refusal};
use crate::port::{Attempts, Clients, Clock, Limit, Passwords};

/// What a request carries to say who calls.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// `client_id` alone (`none`).
    Id(String),
    /// `client_id` and `client_secret`, from the header or the form.
    Secret {
        /// The client id.
        id: String,
        /// The secret.
        secret: Secret,
    },
}

/// Tells whether callers are the clients they say they are.
pub struct ClientAuthenticator {
    /// Who is registered.
    pub clients: Arc<dyn Clients>,
    /// For secrets that an operator chose.
    pub passwords: Arc<dyn Passwords>,
    /// Counts wrong chosen secrets.
    pub attempts: Arc<dyn Attempts>,
    /// How many wrong chosen secrets per client and address.
    pub limit: Limit,
    /// Which chosen secrets need not be hashed again.
    pub verified: VerifiedSecrets,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl ClientAuthenticator {
    /// The client that `credentials` prove, calling from `address`.
    ///
    /// # Errors
    /// `invalid_client` for an unknown or disabled client, a wrong secret, a missing or an unexpected one;
    /// [`Error::Limited`] after too many wrong chosen secrets from one address.
    pub async fn authenticate(&self, credentials: &Credentials, address: &str) -> Result<Client, Error> {
        let client = self.find(credentials).await?;
        match (&client.authentication, credentials) {
            (ClientAuthentication::None, Credentials::Id(_)) => none::prove(&client)?,
            (ClientAuthentication::Secret { secret: kept, .. }, Credentials::Secret { secret, .. }) => {
                secret::prove(self, &client.id, kept, secret, address).await?;
            }
            (ClientAuthentication::None, Credentials::Secret { .. }) => {
                return Err(Refusal::invalid_client("a public client sent a secret").into());
            }
            (ClientAuthentication::Secret { .. }, Credentials::Id(_)) => {
                return Err(
                    Refusal::invalid_client("the client has to authenticate, but sent no secret").into()
                );
            }
        }
        Ok(client)
    }

    async fn find(&self, credentials: &Credentials) -> Result<Client, Error> {
        let (Credentials::Id(id) | Credentials::Secret { id, .. }) = credentials;
        let id: ClientId = id.parse().map_err(|_| Refusal::invalid_client("no client has such an id"))?;
        match self.clients.find(&id).await? {
            Some(client) if client.is_enabled() => Ok(client),
            Some(_) => Err(Refusal::invalid_client(format!("the client {id} is disabled")).into()),
            None => Err(Refusal::invalid_client(format!("the client {id} is unknown")).into()),
        }
    }
}
