//! Secrets of the server's own, such as the key of pairwise subjects (OpenID Connect Core §8.1).

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::binary;

use crate::table::{create, table, text_key};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let secrets =
            table("server_secrets").col(text_key("name", manager)).col(binary("sealed").not_null()).take();
        create(manager, vec![secrets], Vec::new()).await
    }
}
