//! `GET /assets/accent….css` and `GET /assets/logo….png`: the operator's colour and logo.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};

use super::logo::POLICY;
use crate::app::Shared;
use crate::page::brand::File;

/// Another file has another path.
const CACHE: &str = "public, max-age=31536000, immutable";

/// The stylesheet with the colour.
pub(crate) async fn stylesheet(State(app): State<Shared>) -> Response {
    answer(app.base.brand().stylesheet.as_ref(), "text/css; charset=utf-8")
}

/// The logo.
pub(crate) async fn logo(State(app): State<Shared>) -> Response {
    answer(app.base.brand().logo.as_ref(), "image/png")
}

fn answer(file: Option<&File>, media_type: &'static str) -> Response {
    let headers = [(CONTENT_TYPE, media_type), (CACHE_CONTROL, CACHE), (CONTENT_SECURITY_POLICY, POLICY)];
    match file {
        Some(file) => (headers, file.bytes.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
