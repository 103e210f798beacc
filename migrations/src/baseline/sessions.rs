//! Sessions, interactions, and the clients that have to learn of a logout.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, binary, integer, pk_uuid, text, text_null, uuid,
};

use crate::table::{create_all, index, table};

pub(super) async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let tables = vec![
        // `address`, `user_agent`: those of the last sign-in.
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
            .col(text_null("address"))
            .col(text_null("user_agent"))
            .take(),
        table("interactions")
            .col(binary("digest").primary_key())
            .col(text("detail"))
            .col(big_integer("expires_at"))
            .take(),
        // OpenID Connect Back-Channel Logout 1.0. A notice remains after the rows of the session and of the user are
        // deleted.
        table("logout_notices")
            .col(uuid("session_id"))
            .col(text("client_id"))
            .col(text("naming"))
            .col(uuid("user_id"))
            .col(text("sid"))
            .col(big_integer("ended_at"))
            .col(integer("attempts"))
            .col(big_integer("due_at"))
            .primary_key(Index::create().col("session_id").col("client_id").col("naming"))
            .take(),
    ];
    let indexes = vec![
        index("sessions", &["cookie"]).unique().take(),
        index("sessions", &["user_id"]),
        index("sessions", &["expires_at"]),
        index("sessions", &["ended_at"]),
        index("interactions", &["expires_at"]),
        index("logout_notices", &["due_at"]),
    ];
    create_all(manager, tables, indexes).await
}
