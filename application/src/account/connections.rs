//! What a person allowed to applications.

use domain::{Client, ClientId};

use super::{OwnAccount, author, unexpected};
use crate::error::Error;
use crate::port::SignedIn;
use crate::users::{ClientAccess, UserAdministrationError};

impl OwnAccount {
    /// Up to `limit` applications to which the person allows something, in the order of their ids, from the one after `after` on.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn connections(
        &self,
        visitor: &SignedIn,
        after: Option<&ClientId>,
        limit: u32,
    ) -> Result<Vec<ClientAccess>, Error> {
        self.users.list_consents(visitor.user.id, after, limit).await.map_err(unexpected)
    }

    /// Withdraws what the person allowed to an application, for a request from `address`. The answer is the application, if it is
    /// registered still and the person had allowed it anything.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn withdraw(
        &self,
        visitor: &SignedIn,
        client: &ClientId,
        address: &str,
    ) -> Result<Option<Client>, Error> {
        let user = &visitor.user;
        match self.users.withdraw_consent(user.id, client, author(user, address)).await {
            Ok(()) => Ok(self.clients.find(client).await?),
            Err(UserAdministrationError::NoConsent) => Ok(None),
            Err(error) => Err(unexpected(error)),
        }
    }
}
