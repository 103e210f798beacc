//! Signing keys, and counters against guessing.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, binary, text};

use crate::table::{create, index, table, text_key};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = vec![
            // One row per algorithm: the lock that whoever installs its first keys takes.
            table("signing_algorithms").col(text_key("algorithm", manager)).take(),
            table("signing_keys")
                .col(text_key("id", manager))
                .col(text("algorithm"))
                .col(binary("sealed"))
                .col(big_integer("created_at"))
                .col(big_integer_null("activated_at"))
                .col(big_integer_null("superseded_at"))
                .take(),
            table("attempts")
                .col(binary("digest").primary_key())
                .col(big_integer("attempts"))
                .col(big_integer("restarts_at"))
                .take(),
        ];
        let indexes = vec![index("signing_keys", &["algorithm"]), index("attempts", &["restarts_at"])];
        create(manager, tables, indexes).await
    }
}
