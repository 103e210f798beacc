//! Whether the database answers and has the schema we need.

use application::port::{Readiness, Unavailable};
use async_trait::async_trait;
use migrations::Migrator;
use sea_orm_migration::MigratorTrait;

use crate::Database;
use crate::fault::Fault;

#[async_trait]
impl Readiness for Database {
    async fn check(&self) -> Result<(), Unavailable> {
        self.answered(
            async {
                // A look at the table of migrations is a `SELECT 1` that also proves the schema.
                let pending = Migrator::get_pending_migrations_read_only(&self.reader).await?;
                if pending.is_empty() {
                    return Ok(());
                }
                let names: Vec<_> = pending.iter().map(|migration| migration.name()).collect();
                Err(Fault::Schema(names.join(", ")))
            }
            .await,
        )
    }
}
