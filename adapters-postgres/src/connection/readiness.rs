//! Whether the database answers and has the schema we need.

use application::port::{Readiness, Unavailable};
use async_trait::async_trait;
use migrations::Migrator;
use sea_orm::{ConnectionTrait, EntityTrait};
use sea_orm_migration::{MigratorTrait, seaql_migrations};

use crate::Database;
use crate::fault::Fault;

#[async_trait]
impl Readiness for Database {
    #[tracing::instrument(name = "readiness.check", skip_all)]
    async fn check(&self) -> Result<(), Unavailable> {
        // To read what was migrated is a `SELECT 1` that also proves the schema.
        self.answered(is_migrated(&self.reader).await)
    }
}

/// Our migrations have all been applied. There may be more: a newer version runs beside us, and only
/// expands what we need.
async fn is_migrated(connection: &impl ConnectionTrait) -> Result<(), Fault> {
    let applied = seaql_migrations::Entity::find().all(connection).await?;
    let missing: Vec<_> = Migrator::migrations()
        .iter()
        .map(|migration| migration.name().to_owned())
        .filter(|name| !applied.iter().any(|row| row.version == *name))
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(Fault::Schema(missing.join(", "))) }
}

#[cfg(test)]
mod tests {
    use sea_orm::Set;

    use super::*;

    #[tokio::test]
    async fn a_schema_that_a_newer_version_expanded_is_ready_and_left_alone() {
        let folder = tempfile::TempDir::new().unwrap();
        let url = format!("sqlite:{}?mode=rwc", folder.path().join("oauth2.db").display());
        let database = Database::connect(&url).await.unwrap();
        database.migrate().await.unwrap();
        let newer = seaql_migrations::ActiveModel {
            version: Set("m29991231_000001_newer".to_owned()),
            applied_at: Set(0),
        };
        let insert = seaql_migrations::Entity::insert(newer);
        insert.exec_without_returning(&database.writer).await.unwrap();
        database.check().await.unwrap();
        database.migrate().await.unwrap();
    }

    #[tokio::test]
    async fn a_url_of_another_kind_or_of_memory_is_refused() {
        for url in ["mysql://localhost/x", "sqlite::memory:", "sqlite:x?mode=memory", ""] {
            let refused = Database::connect(url).await.unwrap_err();
            assert!(refused.reason.contains("postgres:"), "{url}: {refused}");
        }
    }
}
