//! Authorizations and the tokens that were issued from them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, binary, binary_null, boolean, pk_uuid, text, text_null, uuid, uuid_null,
};

use crate::table::{create_all, index, ordered_text, table};

pub(super) async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let tables = vec![
        // A row that is not recorded says only that the authorization is revoked, in case it is recorded later.
        // `resources`: the incarnations of those that it is for, separated by blanks.
        table("authorizations")
            .col(pk_uuid("id"))
            .col(boolean("recorded"))
            .col(ordered_text("client_id", manager).null())
            .col(uuid_null("user_id"))
            .col(uuid_null("session_id"))
            .col(boolean("offline"))
            .col(text_null("resources"))
            .col(text_null("detail"))
            .col(big_integer("expires_at"))
            .col(big_integer_null("revoked_at"))
            .take(),
        refresh_tokens(),
        // `token` is the digest of the `jti`, by which the token is revoked. `origin`: the authorization that a user granted,
        // or the incarnation of the client that got the token for itself, and then for `resources`.
        table("opaque_access_tokens")
            .col(binary("digest").primary_key())
            .col(binary("token"))
            .col(uuid("origin"))
            .col(text("client_id"))
            .col(text_null("resources"))
            .col(boolean("user_present"))
            .col(text("detail"))
            .col(big_integer("expires_at"))
            .take(),
        table("revoked_tokens").col(binary("digest").primary_key()).col(big_integer("expires_at")).take(),
    ];
    let indexes = vec![
        index("authorizations", &["client_id"]),
        index("authorizations", &["user_id", "client_id", "id"]),
        index("authorizations", &["session_id"]),
        index("authorizations", &["expires_at"]),
        index("refresh_tokens", &["authorization_id"]),
        index("refresh_tokens", &["sealed_until"]),
        index("opaque_access_tokens", &["expires_at"]),
        index("revoked_tokens", &["expires_at"]),
    ];
    create_all(manager, tables, indexes).await
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
