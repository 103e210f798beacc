//! Client metadata from a JSON body of bounded size (RFC 7591 §3.1).

use application::error::Refusal;
use axum::body::to_bytes;
use axum::extract::Request;
use domain::client::ClientDraft;
use http::HeaderMap;
use http::header::CONTENT_TYPE;

use super::parameters::Unreadable;

/// The maximum body size in bytes: a registration with a hundred redirect URIs is far smaller.
pub(super) const MAX_BODY_BYTES: usize = 64 * 1024;

/// The metadata of a request.
pub(crate) async fn metadata(request: Request) -> Result<ClientDraft, Unreadable> {
    let is_json = is_json(request.headers());
    let body = to_bytes(request.into_body(), MAX_BODY_BYTES).await.map_err(|_| Unreadable::TooLarge)?;
    if is_json {
        Ok(ClientDraft::from_json(&body).map_err(Refusal::from)?)
    } else {
        Err(Refusal::invalid_client_metadata("the request body must be JSON: Content-Type application/json")
            .into())
    }
}

/// Whether `Content-Type` says JSON.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}
