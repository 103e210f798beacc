//! Clients that are still to be told that a session has ended (OpenID Connect Back-Channel Logout 1.0).

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, integer, text, uuid};

use crate::table::{create, index, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A notice outlives the session's row and the user's: the client is told of their end.
        let tables = vec![
            table("logout_notices")
                .col(uuid("session_id"))
                .col(text("client_id"))
                .col(uuid("user_id"))
                .col(text("sid"))
                .col(big_integer("ended_at"))
                .col(integer("attempts"))
                .col(big_integer("due_at"))
                .primary_key(Index::create().col("session_id").col("client_id"))
                .take(),
        ];
        let indexes = vec![index("logout_notices", &["due_at"])];
        create(manager, tables, indexes).await
    }
}
