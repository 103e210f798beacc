//! Whether the database answers, has the schema we need, and can be written to.

use application::port::{Readiness, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};

use crate::Database;
use crate::column::instant;
use crate::fault::Fault;

use super::checked::is_migrated;

/// Writes a replay mark that has expired already.
const WRITE_SOMETHING: &str = "INSERT INTO replay_marks (digest, expires_at) VALUES ($1, 0) \
     ON CONFLICT (digest) DO UPDATE SET expires_at = 0";
/// The time of the machine that PostgreSQL runs on, in microseconds.
const TELL_THE_TIME: &str = " RETURNING (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now";

#[async_trait]
impl Readiness for Database {
    #[tracing::instrument(name = "readiness.check", skip_all)]
    async fn check(&self) -> Result<Option<DateTime<Utc>>, Unavailable> {
        // While the disk is full, an earlier success does not count.
        if self.writer.room().is_full() {
            return self.answered(self.is_ready().await);
        }
        self.last_ready.or(async || self.answered(self.is_ready().await)).await
    }

    #[tracing::instrument(name = "readiness.is_full", skip_all)]
    async fn is_full(&self) -> bool {
        self.writer.room().is_full()
    }
}

impl Database {
    /// Reading the migrations proves the connection and the schema. The write proves what most requests
    /// need: a standby and a full disk can still be read.
    async fn is_ready(&self) -> Result<Option<DateTime<Utc>>, Fault> {
        is_migrated(&self.reader).await?;
        let backend = self.writer.get_database_backend();
        let mark = [b"ready".to_vec().into()];
        if backend != DatabaseBackend::Postgres {
            // SQLite runs in this process.
            self.writer.execute_raw(Statement::from_sql_and_values(backend, WRITE_SOMETHING, mark)).await?;
            self.writer.room().found_room();
            return Ok(None);
        }
        let write = format!("{WRITE_SOMETHING}{TELL_THE_TIME}");
        let row = self.writer.query_one_raw(Statement::from_sql_and_values(backend, write, mark)).await?;
        self.writer.room().found_room();
        let row = row.ok_or(Fault::Corrupt("the time of the database"))?;
        Ok(Some(instant(row.try_get("", "now")?)?))
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::{EntityTrait, Set};
    use sea_orm_migration::seaql_migrations;

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
