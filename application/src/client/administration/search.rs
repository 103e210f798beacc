//! Looking for clients by the beginning of a name.

use domain::Client;

use super::{ClientAdministration, ClientAdministrationError};
use crate::error::Error;
use crate::port::ClientFilter;

impl ClientAdministration {
    /// Up to `limit` clients that meet the filter, in the order of their names, after the [name](Client::name_key) `after`.
    ///
    /// # Errors
    /// [`ClientAdministrationError::Failed`] only.
    pub async fn search(
        &self,
        filter: &ClientFilter,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Client>, ClientAdministrationError> {
        Ok(self.clients.search(filter, after, limit).await.map_err(Error::from)?)
    }
}
