//! Counters against guessing. An attempt is counted, and forgiven, by one statement.

use application::port::{Attempt, Attempts, Counter, Forgiven, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, QueryFilter, Statement, Value};

use crate::Database;
use crate::column::{bytes, instant, micros};
use crate::entity::attempt::{Column, Entity};
use crate::fault::Fault;
use crate::sql::without_comments;

const COUNT: &str = include_str!("../sql/attempts/count.sql");
const FORGIVE: &str = include_str!("../sql/attempts/forgive.sql");
/// How often an attempt is counted again because others filled a counter, or its window ended, at the same moment.
const MAX_ROUNDS: usize = 16;

#[async_trait]
impl Attempts for Database {
    #[tracing::instrument(name = "attempts.count", skip_all)]
    async fn count(&self, counters: &[Counter], now: DateTime<Utc>) -> Result<Attempt, Unavailable> {
        self.retried(|| count(self, counters, now)).await
    }

    #[tracing::instrument(name = "attempts.forgive", skip_all)]
    async fn forgive(&self, forgiven: &[Forgiven]) -> Result<(), Unavailable> {
        self.retried(|| forgive(self, forgiven)).await
    }
}

async fn count(database: &Database, counters: &[Counter], now: DateTime<Utc>) -> Result<Attempt, Fault> {
    let backend = database.writer.get_database_backend();
    let rows = counters.len();
    let text = in_dialect(COUNT, backend)
        .replace("{counters}", &placeholders(backend, &["bytea", "int8", "int8", "int8"], rows))
        .replace("{now}", &placeholder(backend, rows * 4 + 1, "int8"));
    let mut values = Vec::new();
    for Counter { key, limit, step } in counters {
        let step = step.num_microseconds().unwrap_or(i64::MAX);
        let restarts_at = micros(now + limit.window);
        values.push(Value::from(bytes(&key.digest())));
        values.extend([i64::from(limit.attempts), step, restarts_at].map(Value::from));
    }
    values.push(Value::from(micros(now)));
    for _ in 0..MAX_ROUNDS {
        let statement = Statement::from_sql_and_values(backend, &text, values.clone());
        match database.writer.execute_raw(statement).await.map_err(Fault::from) {
            Ok(counted) if counted.rows_affected() > 0 => return Ok(Attempt::Allowed),
            Ok(_) => {
                if let Some(until) = full_until(database, counters, now).await? {
                    return Ok(Attempt::Limited(until));
                }
            }
            Err(fault) if fault.is_a_broken_rule() => {}
            Err(fault) => return Err(fault),
        }
    }
    Err(Fault::Abandoned)
}

/// When the last window ends of the counters that are full.
async fn full_until(
    database: &Database,
    counters: &[Counter],
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, Fault> {
    let keys = counters.iter().map(|counter| bytes(&counter.key.digest()));
    let kept = Entity::find().filter(Column::Digest.is_in(keys)).all(&database.writer).await?;
    let full = kept.iter().filter(|row| {
        let counter = counters.iter().find(|counter| bytes(&counter.key.digest()) == row.digest);
        row.restarts_at > micros(now)
            && counter.is_some_and(|counter| row.attempts >= i64::from(counter.limit.attempts))
    });
    full.map(|row| row.restarts_at).max().map(instant).transpose()
}

async fn forgive(database: &Database, forgiven: &[Forgiven]) -> Result<(), Fault> {
    let backend = database.writer.get_database_backend();
    let text = in_dialect(FORGIVE, backend)
        .replace("{forgiven}", &placeholders(backend, &["bytea", "int8"], forgiven.len()));
    let mut values = Vec::new();
    for forgiven in forgiven {
        let (key, most) = match forgiven {
            Forgiven::One(key) => (key, 1),
            Forgiven::All(key) => (key, i64::MAX),
        };
        values.extend([Value::from(bytes(&key.digest())), Value::from(most)]);
    }
    database.writer.execute_raw(Statement::from_sql_and_values(backend, text, values)).await?;
    Ok(())
}

/// SQLite has one writer, and needs no lock.
fn in_dialect(text: &str, backend: DatabaseBackend) -> String {
    let lock = if backend == DatabaseBackend::Postgres { "FOR UPDATE OF attempts" } else { "" };
    without_comments(text).replace("{lock}", lock)
}

/// This many rows of placeholders.
fn placeholders(backend: DatabaseBackend, types: &[&str], rows: usize) -> String {
    let row = |row: usize| {
        let columns = types.iter().enumerate();
        let columns = columns.map(|(at, name)| placeholder(backend, row * types.len() + at + 1, name));
        format!("({})", columns.collect::<Vec<_>>().join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

/// Only PostgreSQL needs the type.
fn placeholder(backend: DatabaseBackend, number: usize, name: &str) -> String {
    if backend == DatabaseBackend::Postgres { format!("${number}::{name}") } else { format!("?{number}") }
}
