//! `/health`: the process is alive. `/ready`: it can serve.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::app::Shared;

/// The process is alive, even if a store is not.
pub(crate) async fn health() -> Response {
    Json(json!({"status": "ok"})).into_response()
}

/// The stores answer, the schema is current and the keys are loaded. The answer says so if a store is full.
pub(crate) async fn ready(State(app): State<Shared>) -> Response {
    let checked = async {
        app.use_cases.readiness.check().await?;
        app.use_cases.keys.current().await
    };
    match checked.await {
        Ok(_) => Json(json!({"status": "ready"})).into_response(),
        Err(error) if app.use_cases.readiness.is_full().await => app.store_is_full(&error),
        Err(error) => app.json_error(&error),
    }
}
