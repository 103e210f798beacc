//! Resource servers, and consent that names them (RFC 8707, RFC 9728).

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, text, text_null};

use crate::table::{create, index, table, text_key};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let resources = table("resources")
            .col(text_key("id", manager))
            .col(text("name"))
            .col(text("scope"))
            .col(text_null("documentation"))
            .col(text_null("client_id"))
            .col(big_integer("created_at"))
            .take();
        create(manager, vec![resources], vec![index("resources", &["client_id"])]).await?;
        // A node of the version before writes consents without it.
        let at_each = text("resources").default("{}").take();
        manager.alter_table(Table::alter().table("consents").add_column(at_each).take()).await
    }
}
