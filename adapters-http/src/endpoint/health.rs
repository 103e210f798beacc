//! `/health`: the process is alive. `/ready`: it can serve.

use std::sync::atomic::{AtomicBool, Ordering};

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Duration, Utc};
use serde_json::json;

use crate::app::Shared;

/// A larger difference between the clocks of this node and of the database is a fault of the machines.
const MAX_CLOCK_DIFFERENCE: Duration = Duration::minutes(1);

/// Whether the clock difference has been logged: `/ready` is public and must not log it each time.
static CLOCK_DIFFERS: AtomicBool = AtomicBool::new(false);

/// The process is alive. The stores are not asked.
pub(crate) async fn health() -> Response {
    Json(json!({"status": "ok"})).into_response()
}

/// The stores answer, the schema is current and the keys are loaded. The answer says so if a store is full. A wrong clock is warned
/// about: a node that stops serving does not correct it.
pub(crate) async fn ready(State(app): State<Shared>) -> Response {
    let checked = async {
        let time_of_database = app.use_cases.readiness.check().await?;
        app.use_cases.keys.current().await?;
        Ok::<_, application::Error>(time_of_database)
    };
    match checked.await {
        Ok(time) => match time.and_then(|time| warn_about_clock(app.use_cases.clock.now(), time)) {
            Some(warning) => Json(json!({"status": "ready", "warning": warning})).into_response(),
            None => Json(json!({"status": "ready"})).into_response(),
        },
        Err(error) if app.use_cases.readiness.is_full().await => app.store_is_full(&error),
        Err(error) => app.json_error(&error),
    }
}

/// The warning about a clock that differs by more than a minute.
fn warn_about_clock(now: DateTime<Utc>, time_of_database: DateTime<Utc>) -> Option<String> {
    let difference = now - time_of_database;
    let seconds = difference.num_seconds();
    metrics::gauge!("oauth2_clock_difference_seconds").set(difference.as_seconds_f64());
    let differs = difference.abs() > MAX_CLOCK_DIFFERENCE;
    let has_begun = differs && !CLOCK_DIFFERS.load(Ordering::Relaxed);
    CLOCK_DIFFERS.store(differs, Ordering::Relaxed);
    if has_begun {
        tracing::warn!(
            seconds,
            "the clock of this node differs from the database's: codes and sessions may expire too early or too late. \
             Check the time synchronization (NTP) of both machines"
        );
    }
    let direction = if seconds > 0 { "ahead of" } else { "behind" };
    differs.then(|| format!("the clock of this node is {} s {direction} the database's", seconds.abs()))
}
