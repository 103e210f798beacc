//! Access tokens that are kept rather than signed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, binary, boolean, text, uuid};

use crate::table::{create, index, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = vec![
            // `token` is the digest of the `jti`, by which it is revoked.
            table("opaque_access_tokens")
                .col(binary("digest").primary_key())
                .col(binary("token"))
                .col(uuid("authorization_id"))
                .col(text("client_id"))
                .col(boolean("user_present"))
                .col(text("detail"))
                .col(big_integer("issued_at"))
                .col(big_integer("expires_at"))
                .take(),
        ];
        create(manager, tables, vec![index("opaque_access_tokens", &["expires_at"])]).await
    }
}
