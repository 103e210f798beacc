//! Signing keys, and other secrets of the server such as the key of pairwise subject identifiers (OpenID Connect Core §8.1).

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, binary, text};

use crate::table::{create_all, index, table, text_key};

pub(super) async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let tables = vec![
        // One row for each algorithm: the node that installs the algorithm's first keys locks it.
        table("signing_algorithms").col(text_key("algorithm", manager)).take(),
        table("signing_keys")
            .col(text_key("id", manager))
            .col(text("algorithm"))
            .col(binary("sealed"))
            .col(big_integer("created_at"))
            .col(big_integer_null("activated_at"))
            .col(big_integer_null("superseded_at"))
            .take(),
        table("server_secrets").col(text_key("name", manager)).col(binary("sealed")).take(),
    ];
    create_all(manager, tables, vec![index("signing_keys", &["algorithm"])]).await
}
