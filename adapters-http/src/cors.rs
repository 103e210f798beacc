//! Cross-origin requests of scripts (Fetch Standard §3.2): every origin, and every request header that a browser asks for.
//! No cookie takes part, so a script learns nothing that it could not learn without a browser.

use std::time::Duration;

use http::Method;
use http::header::{ALLOW, ETAG, RETRY_AFTER, WWW_AUTHENTICATE};
use tower_http::cors::{AllowHeaders, Any, CorsLayer};

use crate::error::ERROR_REFERENCE;

/// The layer around every route that scripts of other origins may call.
///
/// Headers are allowed by name: `*` would not allow `Authorization`.
pub(crate) fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([ALLOW, ETAG, RETRY_AFTER, WWW_AUTHENTICATE, ERROR_REFERENCE])
        .max_age(Duration::from_secs(3600))
}
