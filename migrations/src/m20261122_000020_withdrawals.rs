//! When users withdrew what they had agreed to: what was granted before then is not recorded any more.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, text, uuid};

use crate::table::{create, index, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let withdrawals = table("withdrawals")
            .col(uuid("user_id"))
            .col(text("client_id"))
            .col(big_integer("withdrawn_at"))
            .primary_key(Index::create().col("user_id").col("client_id"))
            .take();
        create(manager, vec![withdrawals], vec![index("withdrawals", &["client_id"])]).await
    }
}
