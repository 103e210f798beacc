//! What is counted of statements and connections, for Prometheus.

use std::time::Duration;

use sea_orm::DatabaseConnection;
use sea_orm::metric::Info;

/// Sets `oauth2_store_connections` of a pool: how many connections are in use and how many are idle.
pub(super) fn connections(pool: &'static str, size: u32, idle: usize) {
    let idle = u32::try_from(idle).unwrap_or(size).min(size);
    metrics::gauge!("oauth2_store_connections", "pool" => pool, "state" => "idle").set(idle);
    metrics::gauge!("oauth2_store_connections", "pool" => pool, "state" => "used").set(size - idle);
}

/// From now on `oauth2_store_seconds` has how long each statement took, without the wait for a connection, and
/// `oauth2_store_failures_total` counts those that failed.
pub(super) fn statements(connection: &mut DatabaseConnection, store: &'static str) {
    connection.set_metric_callback(move |info: &Info<'_>| {
        statement(store, &info.statement.sql, info.elapsed, info.failed);
    });
}

/// Counts one statement.
pub(super) fn statement(store: &'static str, sql: &str, took: Duration, failed: bool) {
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
