//! Clients, the tokens that let them register themselves (RFC 7591 §3), and resource servers (RFC 8707).

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, binary, boolean, pk_uuid, text, text_null, uuid,
};

use crate::table::{create_all, index, ordered_text, table, text_key};

pub(super) async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let tables = vec![
        // `incarnation`: another client that later gets the same id has another one. `unattended`: it registered itself, and no
        // operator has had a hand in it; it is deleted when it was not used for long. `members_only`: only members of its
        // `allowed_groups` may enter. `name_key`: what lists are ordered by, the name in lower case and the id.
        table("clients")
            .col(text_key("id", manager))
            .col(uuid("incarnation"))
            .col(text("registration"))
            .col(ordered_text("name_key", manager).not_null())
            .col(big_integer_null("disabled_at"))
            .col(big_integer("created_at"))
            .col(boolean("unattended"))
            .col(boolean("members_only"))
            .col(big_integer("used_at"))
            .take(),
        table("initial_access_tokens")
            .col(pk_uuid("id"))
            .col(binary("digest"))
            .col(text("limits"))
            .col(big_integer("uses"))
            .col(big_integer("used"))
            .col(big_integer("created_at"))
            .col(big_integer("expires_at"))
            .take(),
        // `id`: the normalised form of `identifier`. `incarnation`: as that of a client.
        table("resources")
            .col(text_key("id", manager))
            .col(text("identifier"))
            .col(uuid("incarnation"))
            .col(text("name"))
            .col(text("scope"))
            .col(text("default_scope"))
            .col(boolean("for_registered_clients"))
            .col(text("access_token_typ"))
            .col(text_null("documentation"))
            .col(text_null("client_id"))
            .col(big_integer("created_at"))
            .take(),
        // The incarnations of deleted resources. What was given for them is revoked.
        table("ended_resources").col(text_key("incarnation", manager)).col(big_integer("forget_at")).take(),
    ];
    let indexes = vec![
        index("clients", &["unattended", "used_at"]),
        index("clients", &["name_key"]),
        index("initial_access_tokens", &["digest"]).unique().take(),
        index("initial_access_tokens", &["expires_at"]),
        index("resources", &["client_id"]),
        index("ended_resources", &["forget_at"]),
    ];
    create_all(manager, tables, indexes).await
}
