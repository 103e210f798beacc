//! What was used once and may not be used again.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, binary};

use crate::table::{create, index, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let marks =
            table("replay_marks").col(binary("digest").primary_key()).col(big_integer("expires_at")).take();
        create(manager, vec![marks], vec![index("replay_marks", &["expires_at"])]).await
    }
}
