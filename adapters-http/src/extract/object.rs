//! A JSON object from a body (RFC 8259 §4).

use application::error::Refusal;
use axum::body::HttpBody;
use axum::extract::Request;
use domain::unique_json::UniqueJson;
use serde_json::{Map, Value};

use super::body::{Unreadable, body};
use super::metadata::is_json;

/// The members of a request's body.
pub(crate) async fn object(request: Request) -> Result<Map<String, Value>, Unreadable> {
    check_type(&request)?;
    members(&body(request).await?)
}

/// The same, but a request without a body counts as an empty object.
pub(crate) async fn object_if_any(request: Request) -> Result<Map<String, Value>, Unreadable> {
    if request.body().is_end_stream() {
        return Ok(Map::new());
    }
    check_type(&request)?;
    let body = body(request).await?;
    if body.is_empty() { Ok(Map::new()) } else { members(&body) }
}

/// Nothing is read of a body that cannot be used.
fn check_type(request: &Request) -> Result<(), Refusal> {
    if is_json(request.headers()) {
        return Ok(());
    }
    Err(Refusal::invalid_request("the request body must be JSON: Content-Type application/json"))
}

fn members(body: &[u8]) -> Result<Map<String, Value>, Unreadable> {
    let reason = match serde_json::from_slice(body) {
        Ok(UniqueJson(Value::Object(members))) => return Ok(members),
        Ok(UniqueJson(_)) => "it is JSON of another type".to_owned(),
        Err(reason) => reason.to_string(),
    };
    let refusal = Refusal::invalid_request("the request body must be a JSON object that has no member twice");
    Err(refusal.because(format!("the body cannot be read: {reason}")).into())
}
