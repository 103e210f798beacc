//! The schema, on Postgres and SQLite alike: forward only, expanding before contracting, so that a node of the
//! version before can serve while the next one starts.
//!
//! - **Instants** are 64-bit integers, microseconds since 1970 (UTC). Both databases order and compare them as
//!   numbers and keep every microsecond; a timestamp column would be text on SQLite, which compares right only
//!   while every writer formats alike.
//! - **Digests** are their 32 bytes, **ids** are `uuid` (16 bytes on SQLite): both order like the bytes.
//! - **Texts in JSON** hold what no query looks into.
//! - **One foreign key**: refresh tokens go with their authorization, however it goes. All other rows are
//!   removed by the transaction that removes what they belong to; a row whose user, client or session is missing
//!   is worth nothing to any query.

mod m20261121_000001_clients_and_users;
mod m20261121_000002_sessions_and_grants;
mod m20261121_000003_keys_and_counters;
mod m20261121_000004_pushed_requests;
mod m20261121_000010_opaque_access_tokens;
mod m20261121_000011_replay_marks;
mod m20261122_000001_initial_access_tokens;
mod m20261122_000002_device_codes;
mod m20261122_000003_resources;
mod m20261122_000020_withdrawals;
mod m20261122_000030_logout_notices;
mod m20261122_000040_ended_before;
mod m20261122_000050_consented_claims;
mod m20261122_000060_server_secrets;
mod m20261122_000070_withdrew_at;
mod table;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

/// Every migration, in order.
#[derive(Debug, Clone, Copy)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_clients_and_users::Migration),
            Box::new(m20261121_000002_sessions_and_grants::Migration),
            Box::new(m20261121_000003_keys_and_counters::Migration),
            Box::new(m20261121_000004_pushed_requests::Migration),
            Box::new(m20261122_000001_initial_access_tokens::Migration),
            Box::new(m20261122_000002_device_codes::Migration),
            Box::new(m20261121_000010_opaque_access_tokens::Migration),
            Box::new(m20261121_000011_replay_marks::Migration),
            Box::new(m20261122_000003_resources::Migration),
            Box::new(m20261122_000020_withdrawals::Migration),
            Box::new(m20261122_000030_logout_notices::Migration),
            Box::new(m20261122_000040_ended_before::Migration),
            Box::new(m20261122_000050_consented_claims::Migration),
            Box::new(m20261122_000060_server_secrets::Migration),
            Box::new(m20261122_000070_withdrew_at::Migration),
        ]
    }
}
