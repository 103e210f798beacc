//! Authorization codes, device codes (RFC 8628) and pushed authorization requests (RFC 9126).

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, binary, binary_null, boolean, text};

use crate::table::{create_all, index, table};

pub(super) async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let tables = vec![
        // `forget_at`: when everything that was issued from a redeemed code has expired.
        table("authorization_codes")
            .col(binary("digest").primary_key())
            .col(text("detail"))
            .col(boolean("redeemed"))
            .col(big_integer("expires_at"))
            .col(big_integer("forget_at"))
            .take(),
        // A device code loses its user code when another device code takes it: any number of rows have none.
        table("device_codes")
            .col(binary("digest").primary_key())
            .col(binary_null("user_code"))
            .col(text("detail"))
            .col(big_integer("expires_at"))
            .col(big_integer("forget_at"))
            .take(),
        // `forget_at`: when the last interaction that opened the request has ended.
        table("pushed_requests")
            .col(binary("digest").primary_key())
            .col(text("detail"))
            .col(binary_null("completed_by"))
            .col(big_integer("expires_at"))
            .col(big_integer("forget_at"))
            .take(),
    ];
    let indexes = vec![
        index("authorization_codes", &["expires_at"]),
        index("authorization_codes", &["forget_at"]),
        index("device_codes", &["user_code"]).unique().take(),
        index("device_codes", &["forget_at"]),
        index("pushed_requests", &["forget_at"]),
    ];
    create_all(manager, tables, indexes).await
}
