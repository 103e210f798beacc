//! Successful responses.

use std::sync::Arc;

use application::keys::jose::KeySet;
use arc_swap::ArcSwapOption;
use axum::Json;
use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use domain::Digest;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LOCATION, PRAGMA};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Serialize;

use crate::extract::conditions::Conditions;

/// JSON that no cache may keep, not even one of HTTP/1.0 (RFC 6749 §5.1): it carries a token, a claim or an error.
pub(crate) fn private_json<T: Serialize>(value: &T) -> Response {
    let mut response = Json(value).into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

/// A JWT that no cache may keep, as `media_type`.
pub(crate) fn private_jwt(jwt: String, media_type: &'static str) -> Response {
    let mut response = Response::new(Body::from(jwt));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// 303: the browser follows with GET, so that a posted password is never posted on (RFC 9700 §4.12).
pub(crate) fn see_other(location: &str) -> Response {
    let Ok(location) = HeaderValue::try_from(location) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut response = StatusCode::SEE_OTHER.into_response();
    response.headers_mut().insert(LOCATION, location);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The entity tag of these bytes (RFC 9110 §8.8.3).
pub(crate) fn entity_tag(bytes: &[u8]) -> HeaderValue {
    let tag = Digest::of(bytes).to_base64url();
    let tag = HeaderValue::try_from(format!("\"{}\"", &tag[..22]));
    tag.unwrap_or(HeaderValue::from_static("\"0\""))
}

/// The entity tag of a document.
pub(crate) fn entity_tag_of<T: Serialize>(document: &T) -> HeaderValue {
    entity_tag(&serde_json::to_vec(document).unwrap_or_default())
}

/// JSON that no cache may keep, with the entity tag of the document.
pub(crate) fn tagged_json<T: Serialize>(document: &T) -> Response {
    let mut response = private_json(document);
    response.headers_mut().insert(ETAG, entity_tag_of(document));
    response
}

/// The answer to a GET of what has this tag, or 304 or 412 by its preconditions (RFC 9110 §13.2.2).
pub(crate) fn shown(tag: &HeaderValue, request: &HeaderMap, answer: impl FnOnce() -> Response) -> Response {
    let conditions = Conditions::read(request);
    let without_body = |status: StatusCode| (status, [(ETAG, tag.clone())]).into_response();
    if !conditions.agrees(tag) {
        return without_body(StatusCode::PRECONDITION_FAILED);
    }
    if conditions.knows(tag) { without_body(StatusCode::NOT_MODIFIED) } else { answer() }
}

/// Public JSON that may be cached for a while, with its entity tag (RFC 9110 §8.8.3).
pub(crate) struct Cacheable {
    bytes: Bytes,
    etag: HeaderValue,
}

impl Cacheable {
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self { etag: entity_tag(&bytes), bytes: bytes.into() }
    }

    /// The document, or 304 if the caller's copy is current, or 412 if the caller wants another one.
    pub(crate) fn answer(&self, request: &HeaderMap) -> Response {
        let conditions = Conditions::read(request);
        let mut response = if !conditions.agrees(&self.etag) {
            StatusCode::PRECONDITION_FAILED.into_response()
        } else if conditions.knows(&self.etag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            Response::new(Body::from(self.bytes.clone()))
        };
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
        headers.insert(ETAG, self.etag.clone());
        response
    }
}

/// The response with the published keys, encoded once for each key set.
#[derive(Default)]
pub(crate) struct PublishedKeys(ArcSwapOption<(Arc<KeySet>, Cacheable)>);

impl PublishedKeys {
    pub(crate) fn answer(&self, keys: &Arc<KeySet>, request: &HeaderMap) -> Response {
        if let Some(made) = self.0.load().as_deref()
            && Arc::ptr_eq(&made.0, keys)
        {
            return made.1.answer(request);
        }
        let document = Cacheable::new(keys.jwks().to_vec());
        let response = document.answer(request);
        self.0.store(Some(Arc::new((Arc::clone(keys), document))));
        response
    }
}
