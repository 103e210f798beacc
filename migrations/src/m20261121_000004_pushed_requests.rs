//! What clients pushed for the authorization endpoint (RFC 9126).

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, binary, text};

use crate::table::{create, index, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // `forget_at`: when the last interaction in which it was opened has ended.
        let pushed_requests = table("pushed_requests")
            .col(binary("digest").primary_key())
            .col(text("detail"))
            .col(big_integer("expires_at"))
            .col(big_integer("forget_at"))
            .take();
        create(manager, vec![pushed_requests], vec![index("pushed_requests", &["forget_at"])]).await
    }
}
