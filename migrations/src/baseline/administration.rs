//! Tables for operators and administrators: the set-up link and the audit trail.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_pk_auto, binary, integer, text, text_null};

use crate::table::{create_all, index, table};

pub(super) async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let tables = vec![
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
            .col(text("actor_name"))
            .col(text_null("address"))
            .col(text("action"))
            .col(text("target"))
            .col(text("changes"))
            .take(),
    ];
    let indexes = vec![
        index("audit_events", &["at"]),
        index("audit_events", &["actor_name", "id"]),
        index("audit_events", &["action", "id"]),
        index("audit_events", &["target", "id"]),
    ];
    create_all(manager, tables, indexes).await
}
