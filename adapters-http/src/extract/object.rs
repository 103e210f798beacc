//! A JSON object from a body of bounded size (RFC 8259 §4).

use application::error::Refusal;
use axum::body::to_bytes;
use axum::extract::Request;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

use super::metadata::{LARGEST_BODY, is_json};
use super::parameters::Unreadable;

/// The members of a request's body.
pub(crate) async fn object(request: Request) -> Result<Map<String, Value>, Unreadable> {
    let is_json = is_json(request.headers());
    let body = to_bytes(request.into_body(), LARGEST_BODY).await.map_err(|_| Unreadable::TooLarge)?;
    if !is_json {
        return Err(
            Refusal::invalid_request("the request body must be JSON: Content-Type application/json").into()
        );
    }
    serde_json::from_slice(&body).map_err(|reason| {
        let refusal = Refusal::invalid_request("the request body must be a JSON object");
        refusal.because(format!("the body cannot be read: {reason}")).into()
    })
}

/// The same, where a request without a body says nothing.
pub(crate) async fn object_if_any(request: Request) -> Result<Map<String, Value>, Unreadable> {
    if request.headers().contains_key(CONTENT_TYPE) { object(request).await } else { Ok(Map::new()) }
}
