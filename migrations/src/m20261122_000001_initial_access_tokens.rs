//! What admits clients that register themselves (RFC 7591 §3).

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, binary, pk_uuid, text};

use crate::table::{create, index, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tokens = table("initial_access_tokens")
            .col(pk_uuid("id"))
            .col(binary("digest"))
            .col(text("limits"))
            .col(big_integer("uses"))
            .col(big_integer("used"))
            .col(big_integer("created_at"))
            .col(big_integer("expires_at"))
            .take();
        let indexes = vec![
            index("initial_access_tokens", &["digest"]).unique().take(),
            index("initial_access_tokens", &["expires_at"]),
        ];
        create(manager, vec![tokens], indexes).await
    }
}
