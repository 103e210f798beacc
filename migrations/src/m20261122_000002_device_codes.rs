//! Device codes (RFC 8628).

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, binary, binary_null, text};

use crate::table::{create, index, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A code gives its user code up when another one needs it: any number of rows may have none.
        let tables = vec![
            table("device_codes")
                .col(binary("digest").primary_key())
                .col(binary_null("user_code"))
                .col(text("detail"))
                .col(big_integer("expires_at"))
                .col(big_integer("forget_at"))
                .take(),
        ];
        let indexes = vec![
            index("device_codes", &["user_code"]).unique().take(),
            index("device_codes", &["forget_at"]),
        ];
        create(manager, tables, indexes).await
    }
}
