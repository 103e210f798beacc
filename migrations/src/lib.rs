//! The schema, on PostgreSQL and SQLite alike. Migrations go forward only: they expand before they contract, so that nodes
//! of the latest release can serve while nodes of the next one start.
//!
//! Until the first release there is only the `baseline`, and a change of the schema changes it. After a release each
//! change is a migration of its own in its own file, `m<date>_<number>_<subject>.rs`, at the end of the list below. A
//! released migration never changes.
//!
//! - **Instants** are 64-bit integers, microseconds since 1970 (UTC). Both databases order and compare them as
//!   numbers and keep every microsecond. A timestamp column would be text on SQLite, which compares correctly only
//!   if every writer uses the same format.
//! - **Digests** are their 32 bytes, **ids** are `uuid` (16 bytes on SQLite): both order like the bytes.
//! - **Texts in JSON** hold what no query looks into.
//! - **One foreign key**: refresh tokens are deleted with their authorization. All other rows are removed by the
//!   transaction that removes the row they belong to. Queries ignore a row whose user, client or session is missing.

mod baseline;
mod table;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

/// Every migration, in order.
#[derive(Debug, Clone, Copy)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(baseline::Migration)]
    }
}
