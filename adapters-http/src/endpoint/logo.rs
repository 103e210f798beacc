//! `GET /logos/{client_id}/{name}`: the logos of clients, which pages load from this server.

use application::Error;
use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::ClientId;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::answer::{entity_tag, shown};
use crate::app::Shared;

/// A day, like the copy of this node. Another `logo_uri` has another path.
const CACHE: &str = "public, max-age=86400";
/// For a browser that opens the picture by itself.
pub(super) const POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// Answers with the logo, or with 404 where there is none: then the page shows the first letter of the client's name.
pub(crate) async fn get(
    State(app): State<Shared>,
    headers: HeaderMap,
    path: Result<Path<(ClientId, String)>, PathRejection>,
) -> Response {
    let found = match path {
        Ok(Path((client, name))) => app.use_cases.logos.find(&client, &name).await,
        Err(_no_client) => Ok(None),
    };
    let logo = match found {
        Ok(Some(logo)) => logo,
        // Any visitor may ask for any name: no page, and no line in the log.
        Ok(None) => return (StatusCode::NOT_FOUND, [(CACHE_CONTROL, "no-store")]).into_response(),
        Err(unavailable) => return app.json_error(&Error::from(unavailable)),
    };
    let tag = entity_tag(&logo.png);
    let mut response = shown(&tag, &headers, || Bytes::from_owner(logo.png).into_response());
    for (name, value) in
        [(CONTENT_TYPE, "image/png"), (CACHE_CONTROL, CACHE), (CONTENT_SECURITY_POLICY, POLICY)]
    {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response.headers_mut().insert(ETAG, tag);
    response
}
