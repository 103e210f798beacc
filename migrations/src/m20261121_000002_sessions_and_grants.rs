//! Who is signed in, what they are in the middle of, and what they granted.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, binary, binary_null, boolean, pk_uuid, text, text_null, uuid, uuid_null,
};

use crate::table::{create, index, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = vec![
            table("sessions")
                .col(pk_uuid("id"))
                .col(binary("cookie"))
                .col(uuid("user_id"))
                .col(text("sid"))
                .col(big_integer("auth_time"))
                .col(text_null("acr"))
                .col(text("amr"))
                .col(big_integer("expires_at"))
                .col(big_integer_null("ended_at"))
                .take(),
            table("interactions")
                .col(binary("digest").primary_key())
                .col(text("detail"))
                .col(big_integer("expires_at"))
                .take(),
            // `forget_at`: when everything issued from a redeemed code has expired.
            table("authorization_codes")
                .col(binary("digest").primary_key())
                .col(text("detail"))
                .col(boolean("redeemed"))
                .col(big_integer("expires_at"))
                .col(big_integer("forget_at"))
                .take(),
            // A row that is not recorded is only the news that the authorization is revoked, should it ever come.
            table("authorizations")
                .col(pk_uuid("id"))
                .col(boolean("recorded"))
                .col(text_null("client_id"))
                .col(uuid_null("user_id"))
                .col(uuid_null("session_id"))
                .col(boolean("offline"))
                .col(text_null("detail"))
                .col(big_integer("expires_at"))
                .col(big_integer_null("revoked_at"))
                .take(),
            refresh_tokens(),
            table("revoked_tokens").col(binary("digest").primary_key()).col(big_integer("expires_at")).take(),
        ];
        let indexes = vec![
            index("sessions", &["cookie"]).unique().take(),
            index("sessions", &["user_id"]),
            index("sessions", &["expires_at"]),
            index("sessions", &["ended_at"]),
            index("interactions", &["expires_at"]),
            index("authorization_codes", &["expires_at"]),
            index("authorization_codes", &["forget_at"]),
            index("authorizations", &["client_id"]),
            index("authorizations", &["user_id"]),
            index("authorizations", &["session_id"]),
            index("authorizations", &["expires_at"]),
            index("refresh_tokens", &["authorization_id"]),
            index("refresh_tokens", &["successor"]),
            index("refresh_tokens", &["sealed_until"]),
            index("revoked_tokens", &["expires_at"]),
        ];
        create(manager, tables, indexes).await
    }
}

fn refresh_tokens() -> TableCreateStatement {
    let mut family = ForeignKey::create()
        .from("refresh_tokens", "authorization_id")
        .to("authorizations", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned();
    table("refresh_tokens")
        .col(binary("digest").primary_key())
        .col(uuid("authorization_id"))
        .col(text("client_id"))
        .col(text("scope"))
        .col(big_integer("issued_at"))
        .col(big_integer("expires_at"))
        .col(big_integer_null("spent_at"))
        .col(binary_null("successor"))
        .col(binary_null("sealed_successor"))
        .col(big_integer_null("sealed_until"))
        .foreign_key(&mut family)
        .take()
}
