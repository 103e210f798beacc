//! Consent to claims that are asked for one by one (OpenID Connect Core §5.5).

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::text;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A node of the version before writes consents without it.
        let claims = text("claims").default("[]").take();
        manager.alter_table(Table::alter().table("consents").add_column(claims).take()).await
    }
}
