//! The server's own secrets, sealed.

use application::port::{ServerSecrets, Unavailable};
use async_trait::async_trait;
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, Set};

use crate::Database;
use crate::entity::server_secret::{ActiveModel, Column, Entity};
use crate::fault::Fault;

#[async_trait]
impl ServerSecrets for Database {
    #[tracing::instrument(name = "server_secrets.find", skip_all)]
    async fn find(&self, name: &str) -> Result<Option<Vec<u8>>, Unavailable> {
        self.retried(|| async {
            let found = Entity::find_by_id(name).one(&self.reader).await?;
            Ok(found.map(|secret| secret.sealed))
        })
        .await
    }

    #[tracing::instrument(name = "server_secrets.keep_first", skip_all)]
    async fn keep_first(&self, name: &str, sealed: &[u8]) -> Result<Vec<u8>, Unavailable> {
        self.retried(|| async {
            let row = ActiveModel { name: Set(name.to_owned()), sealed: Set(sealed.to_vec()) };
            // Waits for a transaction that inserts it at the same moment. It is never changed after that.
            Entity::insert(row)
                .on_conflict(OnConflict::column(Column::Name).do_nothing().to_owned())
                .exec_without_returning(&self.writer)
                .await?;
            let kept = Entity::find_by_id(name).one(&self.writer).await?;
            kept.map(|secret| secret.sealed).ok_or(Fault::Corrupt("a secret of the server"))
        })
        .await
    }
}
