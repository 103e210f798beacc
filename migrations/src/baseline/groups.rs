//! Groups of users, and the clients that only their members may enter.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, pk_uuid, text, text_null, uuid};

use crate::table::{create_all, index, ordered_text, table};

pub(super) async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let tables = vec![
        // `name_key`: the name in lower case.
        table("groups")
            .col(pk_uuid("id"))
            .col(text("name"))
            .col(ordered_text("name_key", manager).not_null())
            .col(text_null("display_name"))
            .col(text_null("description"))
            .col(text("claims"))
            .col(big_integer("created_at"))
            .col(big_integer("updated_at"))
            .take(),
        table("group_members")
            .col(uuid("user_id"))
            .col(uuid("group_id"))
            .primary_key(Index::create().col("user_id").col("group_id"))
            .take(),
        // The groups that a client's registration names, by their ids: another group that gets the name is not allowed.
        table("allowed_groups")
            .col(ordered_text("client_id", manager).not_null())
            .col(uuid("group_id"))
            .primary_key(Index::create().col("client_id").col("group_id"))
            .take(),
    ];
    let indexes = vec![
        index("groups", &["name_key"]).unique().take(),
        index("group_members", &["group_id", "user_id"]),
        index("allowed_groups", &["group_id"]),
    ];
    create_all(manager, tables, indexes).await
}
