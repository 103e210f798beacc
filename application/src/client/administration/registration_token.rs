//! The registration access token of a client that registered itself (RFC 7592 §3): an operator replaces it or revokes it.

use domain::bearer::BearerKind;
use domain::self_registration::SelfRegistration;
use domain::{Author, Client, ClientId, Digest, Secret};

use super::{ClientAdministration, ClientAdministrationError};

impl ClientAdministration {
    /// Gives a client a new registration access token; the old one stops working. It is in the answer, and nowhere else.
    ///
    /// # Errors
    /// [`ClientAdministrationError::NoRegistrationToken`] for a client of an operator,
    /// [`ClientAdministrationError::Unknown`] for none.
    pub async fn rotate_registration_token(
        &self,
        id: &ClientId,
        author: impl Into<Author> + Send,
    ) -> Result<(Client, Secret), ClientAdministrationError> {
        let token = BearerKind::RegistrationAccessToken.token(self.context.entropy.bytes());
        let renew = |client: &Client| with_token(client, Some(token.digest()));
        let client = self.amend(id, author.into(), "client.rotate-registration-token", renew).await?;
        Ok((client, token))
    }

    /// Revokes the registration access token of a client: it works on as it is registered, and cannot change that any more.
    ///
    /// # Errors
    /// As [`rotate_registration_token`](Self::rotate_registration_token).
    pub async fn revoke_registration_token(
        &self,
        id: &ClientId,
        author: impl Into<Author> + Send,
    ) -> Result<Client, ClientAdministrationError> {
        let revoke = |client: &Client| with_token(client, None);
        self.amend(id, author.into(), "client.revoke-registration-token", revoke).await
    }
}

fn with_token(client: &Client, token: Option<Digest>) -> Result<Client, ClientAdministrationError> {
    let own = client.registration.clone().ok_or(ClientAdministrationError::NoRegistrationToken)?;
    let registration = Some(SelfRegistration { token, ..own });
    Ok(Client { registration, ..client.clone() })
}
