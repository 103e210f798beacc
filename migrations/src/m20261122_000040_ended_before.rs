//! Until when everything that a user granted is over: what was approved before then is not recorded any more.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::big_integer_null;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let ended_before = big_integer_null("ended_before").take();
        manager.alter_table(Table::alter().table("users").add_column(ended_before).take()).await
    }
}
