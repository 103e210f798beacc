//! Client authentication (RFC 6749 §2.3), the same at every endpoint that needs it.
//!
//! See docs/decisions/client-authentication.md.

pub mod key_sets;
mod none;
mod private_key_jwt;
mod secret;
mod verified;

pub use private_key_jwt::ASSERTION_TYPE;

pub(crate) use secret::unavailable;
pub use verified::VerifiedSecrets;

use std::sync::Arc;

use domain::client::ClientAuthentication;
use domain::{Client, ClientId, Issuer, Secret};

use crate::client_auth::key_sets::ClientKeySets;
use crate::error::{Error, Refusal};
use crate::port::{Attempts, Clients, Clock, Limit, Passwords, ReplayMarks};

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
    /// `client_assertion` of the type [`ASSERTION_TYPE`].
    Assertion {
        /// `client_id`, if it was sent too.
        id: Option<String>,
        /// The signed JWT.
        assertion: Secret,
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
    /// The keys that verify assertions.
    pub key_sets: Arc<ClientKeySets>,
    /// Remembers the assertions that were used.
    pub replay_marks: Arc<dyn ReplayMarks>,
    /// Whom assertions are for.
    pub issuer: Issuer,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl ClientAuthenticator {
    /// The client that `credentials` prove, calling the endpoint at the path `at` from `address`.
    ///
    /// # Errors
    /// `invalid_client` for an unknown or disabled client, a wrong or missing credential, one of another kind than is
    /// registered, and an assertion that was used before; `invalid_request` for an assertion of another client than
    /// `client_id`; [`Error::Limited`] after too many wrong chosen secrets from one address.
    pub async fn authenticate(
        &self,
        credentials: &Credentials,
        at: &'static str,
        address: &str,
    ) -> Result<Client, Error> {
        let client = self.find(credentials).await?;
        match (&client.authentication, credentials) {
            (ClientAuthentication::None, Credentials::Id(_)) => none::prove(&client)?,
            (ClientAuthentication::Secret { secret: kept, .. }, Credentials::Secret { secret, .. }) => {
                secret::prove(self, &client.id, kept, secret, address).await?;
            }
            (ClientAuthentication::PrivateKeyJwt { .. }, Credentials::Assertion { assertion, .. }) => {
                private_key_jwt::prove(self, &client, assertion, at).await?;
            }
            (ClientAuthentication::None, Credentials::Secret { .. } | Credentials::Assertion { .. }) => {
                return Err(Refusal::invalid_client("a public client sent a credential").into());
            }
            (
                ClientAuthentication::Secret { .. } | ClientAuthentication::PrivateKeyJwt { .. },
                Credentials::Id(_),
            ) => {
                let reason = "the client has to authenticate, but sent no credential";
                return Err(Refusal::invalid_client(reason).into());
            }
            (ClientAuthentication::Secret { .. }, Credentials::Assertion { .. })
            | (ClientAuthentication::PrivateKeyJwt { .. }, Credentials::Secret { .. }) => {
                let reason = "the client authenticated by another method than it registered";
                return Err(Refusal::invalid_client(reason).into());
            }
        }
        Ok(client)
    }

    async fn find(&self, credentials: &Credentials) -> Result<Client, Error> {
        let id: ClientId = match credentials {
            Credentials::Id(id) | Credentials::Secret { id, .. } => {
                id.parse().map_err(|_| Refusal::invalid_client("no client has such an id"))?
            }
            Credentials::Assertion { id: sent, assertion } => {
                let claimed = private_key_jwt::claimed_client(assertion)?;
                if sent.as_ref().is_some_and(|sent| sent != claimed.as_str()) {
                    return Err(Refusal::invalid_request("client_id differs from the assertion's").into());
                }
                claimed
            }
        };
        match self.clients.find(&id).await? {
            Some(client) if client.is_enabled() => Ok(client),
            Some(_) => Err(Refusal::invalid_client(format!("the client {id} is disabled")).into()),
            None => Err(Refusal::invalid_client(format!("the client {id} is unknown")).into()),
        }
    }
}
