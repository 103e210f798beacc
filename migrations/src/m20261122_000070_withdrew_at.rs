//! When a user last withdrew anything: a statement that records a grant sees it in the user's row, which it waits for.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::big_integer_null;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let withdrew_at = big_integer_null("withdrew_at").take();
        manager.alter_table(Table::alter().table("users").add_column(withdrew_at).take()).await
    }
}
