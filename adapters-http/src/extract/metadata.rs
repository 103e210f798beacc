//! Client metadata from a JSON body (RFC 7591 §3.1).

use application::error::Refusal;
use axum::extract::Request;
use domain::client::ClientDraft;
use http::HeaderMap;
use http::header::CONTENT_TYPE;

use super::body::{Unreadable, body};

/// The metadata of a request.
pub(crate) async fn metadata(request: Request) -> Result<ClientDraft, Unreadable> {
    if !is_json(request.headers()) {
        let refusal =
            Refusal::invalid_client_metadata("the request body must be JSON: Content-Type application/json");
        return Err(refusal.into());
    }
    Ok(ClientDraft::from_json(&body(request).await?).map_err(Refusal::from)?)
}

/// Whether `Content-Type` says JSON.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}
