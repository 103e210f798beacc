//! The mails that wait to be sent.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, integer, pk_uuid, text};

use crate::table::{create_all, index, table};

pub(super) async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let tables = vec![
        // What a mail says, and to whom, is sealed: it may carry a link.
        table("mails")
            .col(pk_uuid("id"))
            .col(text("sealed"))
            .col(big_integer("queued_at"))
            .col(big_integer("expires_at"))
            .col(integer("attempts"))
            .col(big_integer("due_at"))
            .take(),
    ];
    create_all(manager, tables, vec![index("mails", &["due_at"]), index("mails", &["expires_at"])]).await
}
