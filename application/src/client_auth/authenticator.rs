//! Authenticating a client by the method that it registered (RFC 7591 §2, `token_endpoint_auth_method`).

use std::sync::Arc;

use domain::client::ClientAuthentication;
use domain::refusal::AuthenticationCause;
use domain::{Client, ClientId, Quoted};

use super::credentials::Credentials;
use super::none;
use super::private_key_jwt::{AssertionVerifier, claimed_client};
use super::secret::SecretVerifier;
use crate::error::{Error, Refusal};
use crate::port::Clients;

/// Authenticates clients.
pub struct ClientAuthenticator {
    /// The registered clients.
    pub clients: Arc<dyn Clients>,
    /// Verifies `client_secret_basic` and `client_secret_post`.
    pub secrets: SecretVerifier,
    /// Verifies `private_key_jwt`.
    pub assertions: AssertionVerifier,
}

impl ClientAuthenticator {
    /// Authenticates the client of a request that came from `address` to the endpoint at the path `at`.
    ///
    /// # Errors
    /// `invalid_client` for an unknown or disabled client, a wrong or missing credential, a method other than the
    /// registered one, and an assertion that was used before; `invalid_request` if `client_id` and the assertion name
    /// different clients; [`Error::Limited`] after too many wrong chosen secrets from one address.
    pub async fn authenticate(
        &self,
        credentials: &Credentials,
        at: &'static str,
        address: &str,
    ) -> Result<Client, Error> {
        let client = self.find(credentials).await?;
        match (&client.authentication, credentials) {
            (ClientAuthentication::None, Credentials::Id(_)) => none::verify(&client)?,
            (ClientAuthentication::Secret { secret: stored, .. }, Credentials::Secret { secret, .. }) => {
                self.secrets.verify(&client.id, stored, secret, address).await?;
            }
            (ClientAuthentication::PrivateKeyJwt { .. }, Credentials::Assertion { assertion, .. }) => {
                self.assertions.verify(&client, assertion, at).await?;
            }
            (ClientAuthentication::None, Credentials::Secret { .. } | Credentials::Assertion { .. })
            | (
                ClientAuthentication::Secret { .. } | ClientAuthentication::PrivateKeyJwt { .. },
                Credentials::Id(_),
            )
            | (ClientAuthentication::Secret { .. }, Credentials::Assertion { .. })
            | (ClientAuthentication::PrivateKeyJwt { .. }, Credentials::Secret { .. }) => {
                let (sent, registered) = (credentials.kind(), client.authentication.as_str());
                let (sent, registered) = (sent.to_owned(), registered.to_owned());
                let cause = AuthenticationCause::Method { sent, registered };
                return Err(Refusal::invalid_client(cause).to_client(&client.id).into());
            }
        }
        Ok(client)
    }

    async fn find(&self, credentials: &Credentials) -> Result<Client, Error> {
        let id: ClientId = match credentials {
            Credentials::Id(id) | Credentials::Secret { id, .. } => id.parse().map_err(|_| unknown(id))?,
            Credentials::Assertion { id: sent, assertion } => {
                let claimed = claimed_client(assertion)?;
                if sent.as_ref().is_some_and(|sent| sent != claimed.as_str()) {
                    return Err(Refusal::invalid_request(
                        "client_id and the assertion name different clients",
                    )
                    .into());
                }
                claimed
            }
        };
        match self.clients.find(&id).await? {
            Some(Client { disabled_at: Some(since), .. }) => {
                Err(Refusal::invalid_client(AuthenticationCause::Disabled(since)).to_client(&id).into())
            }
            Some(client) => Ok(client),
            None => Err(unknown(id.as_str()).into()),
        }
    }
}

fn unknown(id: &str) -> Refusal {
    Refusal::invalid_client(AuthenticationCause::UnknownClient(Quoted::new(id)))
}
