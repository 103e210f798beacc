//! What is administered: clients, users, consents, the set-up link, and who changed what.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, big_pk_auto, binary, boolean, integer, pk_uuid, text, text_null, uuid,
};

use crate::table::{create, index, table, text_key};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = vec![
            table("clients")
                .col(text_key("id", manager))
                .col(text("registration"))
                .col(big_integer_null("disabled_at"))
                .col(big_integer("created_at"))
                .take(),
            // Tokens a client issued before this instant never work again, whoever has its id now.
            table("deleted_clients").col(text_key("id", manager)).col(big_integer("deleted_at")).take(),
            table("users")
                .col(pk_uuid("id"))
                .col(text("username"))
                .col(text("username_key"))
                .col(text_null("password_hash"))
                .col(text("claims"))
                .col(boolean("administrator"))
                .col(big_integer_null("disabled_at"))
                .col(big_integer("created_at"))
                .col(big_integer("updated_at"))
                .take(),
            table("consents")
                .col(uuid("user_id"))
                .col(text("client_id"))
                .col(text("scope"))
                .col(big_integer("granted_at"))
                .primary_key(Index::create().col("user_id").col("client_id"))
                .take(),
            // At most one row: the slot is always 1.
            table("set_up_links")
                .col(integer("slot").primary_key())
                .col(binary("digest"))
                .col(big_integer("expires_at"))
                .take(),
            table("audit_events")
                .col(big_pk_auto("id"))
                .col(big_integer("at"))
                .col(text("actor"))
                .col(text("action"))
                .col(text("target"))
                .take(),
        ];
        let indexes = vec![
            index("users", &["username_key"]).unique().take(),
            index("users", &["administrator"]),
            index("consents", &["client_id"]),
        ];
        create(manager, tables, indexes).await
    }
}
