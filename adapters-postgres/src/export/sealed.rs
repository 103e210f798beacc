//! Checks that the encryption key opens the sealed values of the database.

use sea_orm::{DatabaseTransaction, EntityTrait};

use super::{BackupKey, TransferError};
use crate::Database;
use crate::entity::{server_secret, signing_key};
use crate::fault::Fault;

impl Database {
    /// A backup is useless if its sealed values need another key.
    pub(super) async fn check_key(
        &self,
        key: &dyn BackupKey,
        transaction: &DatabaseTransaction,
    ) -> Result<(), TransferError> {
        let signing_keys = signing_key::Entity::find().all(transaction).await.map_err(Fault::from);
        for row in self.answered(signing_keys)? {
            if !key.opens(&row.id, &row.sealed) {
                let id = row.id;
                return Err(TransferError::Key(format!(
                    "the encryption key does not open the signing key {id}"
                )));
            }
        }
        let secrets = server_secret::Entity::find().all(transaction).await.map_err(Fault::from);
        for row in self.answered(secrets)? {
            if !key.opens(&row.name, &row.sealed) {
                let name = row.name;
                return Err(TransferError::Key(format!("the encryption key does not open the {name}")));
            }
        }
        Ok(())
    }
}
