//! Protection against guessing (counters of attempts) and against replay.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, binary};

use crate::table::{create_all, index, table};

pub(super) async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let tables = vec![
        // With the check, a statement that would count too many fails as a whole. Indexed is only the hour of `restarts_at`, which
        // seldom changes: PostgreSQL then writes a changed counter beside the old one, and no index.
        table("attempts")
            .col(binary("digest").primary_key())
            .col(big_integer("attempts"))
            .col(big_integer("allowed"))
            .col(big_integer("step"))
            .col(big_integer("restarts_at"))
            .col(big_integer("restarts_in_hour").generated(Expr::cust("restarts_at / 3600000000"), true))
            .check(Expr::col("attempts").lte(Expr::col("allowed")))
            .take(),
        table("replay_marks").col(binary("digest").primary_key()).col(big_integer("expires_at")).take(),
    ];
    let indexes = vec![index("attempts", &["restarts_in_hour"]), index("replay_marks", &["expires_at"])];
    create_all(manager, tables, indexes).await
}
