//! What is counted of statements and connections, for Prometheus.

use std::time::Duration;

use sea_orm::metric::Info;
use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseConnection};

use crate::Database;

impl Database {
    /// Sets `oauth2_store_connections` as they are now: by pool, those in use and those that are idle.
    pub fn measure_connections(&self) {
        match self.writer.get_database_backend() {
            DatabaseBackend::Postgres => {
                let pool = self.writer.pool().get_postgres_connection_pool();
                connections("postgres", pool.size(), pool.num_idle() + self.writer.idle());
            }
            DatabaseBackend::Sqlite => {
                let writer = self.writer.pool().get_sqlite_connection_pool();
                connections("sqlite_writer", writer.size(), writer.num_idle());
                let reader = self.reader.pool().get_sqlite_connection_pool();
                connections("sqlite_reader", reader.size(), reader.num_idle());
            }
            // Not compiled in, nor is any that is still to come.
            DatabaseBackend::MySql | _ => {}
        }
    }
}

fn connections(pool: &'static str, size: u32, idle: usize) {
    let idle = u32::try_from(idle).unwrap_or(size).min(size);
    metrics::gauge!("oauth2_store_connections", "pool" => pool, "state" => "idle").set(idle);
    metrics::gauge!("oauth2_store_connections", "pool" => pool, "state" => "used").set(size - idle);
}

/// From now on `oauth2_store_seconds` tells how long each statement took, waiting for a connection aside, and
/// `oauth2_store_failures_total` counts those that failed.
pub(crate) fn statements(connection: &mut DatabaseConnection, store: &'static str) {
    connection.set_metric_callback(move |info: &Info<'_>| {
        statement(store, &info.statement.sql, info.elapsed, info.failed);
    });
}

/// One statement.
pub(crate) fn statement(store: &'static str, sql: &str, took: Duration, failed: bool) {
    metrics::histogram!("oauth2_store_seconds", "store" => store, "statement" => kind(sql)).record(took);
    if failed {
        metrics::counter!("oauth2_store_failures_total", "store" => store).increment(1);
    }
}

/// The verb that a statement opens with.
fn kind(sql: &str) -> &'static str {
    let opening = sql.split_ascii_whitespace().next().unwrap_or_default();
    ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"]
        .into_iter()
        .find(|verb| opening.eq_ignore_ascii_case(verb))
        .unwrap_or("other")
}
