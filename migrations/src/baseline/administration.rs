//! Tables for operators and administrators: the set-up link, the audit trail, and what explains refused requests.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_pk_auto, binary, integer, pk_uuid, text, text_null};

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
        refusals(),
    ];
    let indexes = vec![
        index("audit_events", &["at"]),
        index("audit_events", &["actor_name", "id"]),
        index("audit_events", &["action", "id"]),
        index("audit_events", &["target", "id"]),
        index("refusals", &["reference"]).unique().take(),
        index("refusals", &["network", "id"]),
        index("refusals", &["client_id", "id"]),
        index("refusals", &["expires_at"]),
    ];
    create_all(manager, tables, indexes).await
}

/// The id begins with the time. `content`: the error code, the rule and the facts, as JSON.
fn refusals() -> TableCreateStatement {
    table("refusals")
        .col(pk_uuid("id"))
        .col(text("reference"))
        .col(text("endpoint"))
        .col(text("network"))
        .col(text_null("client_id"))
        .col(text("content"))
        .col(big_integer("expires_at"))
        .take()
}
