//! Tables for operators and administrators: the set-up link and the audit trail.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_pk_auto, binary, integer, text};

use crate::table::{create_all, table};

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
            .col(text("action"))
            .col(text("target"))
            .take(),
    ];
    create_all(manager, tables, Vec::new()).await
}
