//! Cross-origin requests of scripts (Fetch Standard §3.2): every origin, and every request header that a browser asks for.
//! No cookie takes part, so a script learns nothing that it could not learn without a browser.

use std::time::Duration;

use application::metadata::path;
use http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ALLOW, ETAG, RETRY_AFTER, WWW_AUTHENTICATE,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use tower_http::cors::{AllowHeaders, Any, CorsLayer};

use crate::error::ERROR_REFERENCE;

/// The routes with the layer, as far as their paths are fixed.
const OPEN: [&str; 11] = [
    path::OPENID_CONFIGURATION,
    path::AUTHORIZATION_SERVER,
    path::PROTECTED_RESOURCE,
    path::WEBFINGER,
    path::JWKS,
    path::TOKEN,
    path::REVOKE,
    path::PUSH,
    path::DEVICE_AUTHORIZATION,
    path::USERINFO,
    path::REGISTER,
];

/// The headers that a script may read, besides those that it always may.
const EXPOSED: [HeaderName; 5] = [ALLOW, ETAG, RETRY_AFTER, WWW_AUTHENTICATE, ERROR_REFERENCE];

/// The layer around every route that scripts of other origins may call.
///
/// Headers are allowed by name: `*` would not allow `Authorization`.
pub(crate) fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(EXPOSED)
        .max_age(Duration::from_secs(3600))
}

/// Opens an answer to a request that never reached the layer: a script reads every error of an open route.
pub(crate) fn open(route: Option<&str>, headers: &mut HeaderMap) {
    if route.is_some_and(|route| OPEN.iter().any(|open| route.contains(open))) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        let exposed = EXPOSED.map(HeaderValue::from);
        headers.extend(exposed.map(|name| (ACCESS_CONTROL_EXPOSE_HEADERS, name)));
    }
}
