//! `GET /.well-known/openid-configuration` and `/.well-known/oauth-authorization-server`: one document.

use axum::extract::{Request, State};
use axum::response::Response;

use crate::app::Shared;

/// The metadata.
pub(crate) async fn get(State(app): State<Shared>, request: Request) -> Response {
    app.metadata.answer(request.headers())
}
