//! `GET /.well-known/jwks.json` (RFC 7517 §5).

use axum::extract::{Request, State};
use axum::response::Response;

use crate::app::Shared;

/// The published keys.
pub(crate) async fn get(State(app): State<Shared>, request: Request) -> Response {
    match app.use_cases.keys.current().await {
        Ok(keys) => app.published_keys.answer(&keys, request.headers()),
        Err(error) => app.json_error(&error),
    }
}
