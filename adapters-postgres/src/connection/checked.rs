//! What is checked of a database, and how often.

use std::sync::Arc;
use std::time::{Duration, Instant};

use application::port::Unavailable;
use chrono::{DateTime, Utc};
use migrations::Migrator;
use sea_orm::{ConnectionTrait, EntityTrait};
use sea_orm_migration::{MigratorTrait, seaql_migrations};
use tokio::sync::Mutex;

use crate::fault::Fault;

/// For how long a database counts as ready.
const CHECK_LIFETIME: Duration = Duration::from_millis(500);

/// When the database was last ready, and its time then. It is cached because `/ready` is public and each check is a commit.
#[derive(Debug, Clone, Default)]
pub(super) struct LastReady(Arc<Mutex<Option<Ready>>>);

/// A check that succeeded.
#[derive(Debug, Clone, Copy)]
struct Ready {
    at: Instant,
    time: Option<DateTime<Utc>>,
}

impl LastReady {
    /// Runs the check, unless it succeeded a moment ago. Many who ask at once wait for one check.
    pub(super) async fn or(
        &self,
        check: impl AsyncFnOnce() -> Result<Option<DateTime<Utc>>, Unavailable>,
    ) -> Result<Option<DateTime<Utc>>, Unavailable> {
        let mut last = self.0.lock().await;
        if let Some(Ready { at, time }) = *last
            && at.elapsed() < CHECK_LIFETIME
        {
            return Ok(time.map(|time| time + at.elapsed()));
        }
        *last = None;
        let time = check().await?;
        *last = Some(Ready { at: Instant::now(), time });
        Ok(time)
    }
}

/// Our migrations have all been applied. There may be more: a newer version runs beside us, and only
/// expands what we need.
pub(super) async fn is_migrated(connection: &impl ConnectionTrait) -> Result<(), Fault> {
    let applied = seaql_migrations::Entity::find().all(connection).await?;
    let missing: Vec<_> = Migrator::migrations()
        .iter()
        .map(|migration| migration.name().to_owned())
        .filter(|name| !applied.iter().any(|row| row.version == *name))
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(Fault::Schema(missing.join(", "))) }
}
