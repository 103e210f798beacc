//! `GET /.well-known/webfinger`: which issuer signs in the accounts of a host (RFC 7033).

use application::error::Refusal;
use application::webfinger::{self, ResourceDescriptor};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};
use percent_encoding::percent_decode_str;

use crate::answer::Cacheable;
use crate::app::Shared;

/// The descriptor of the resource that the query names.
pub(crate) async fn get(State(app): State<Shared>, request: Request) -> Response {
    let asked = resource(request.uri().query().unwrap_or_default());
    let described = asked
        .as_ref()
        .map_err(Clone::clone)
        .and_then(|(resource, relations)| webfinger::describe(&app.use_cases.settings, resource, relations));
    match described {
        Ok(Some(descriptor)) => answer(&descriptor, request.headers()),
        Ok(None) => app.no_such_resource(),
        Err(refusal) => app.json_error(&refusal.into()),
    }
}

fn answer(descriptor: &ResourceDescriptor<'_>, request: &HeaderMap) -> Response {
    match serde_json::to_vec(descriptor) {
        Ok(bytes) => {
            let mut response = Cacheable::new(bytes).answer(request);
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/jrd+json"));
            response
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The one `resource`, and each `rel` (RFC 7033 §4.1). A plus sign stands for itself here: it is no form.
fn resource(query: &str) -> Result<(String, Vec<String>), Refusal> {
    let decoded = |text: &str| {
        let text = percent_decode_str(text).decode_utf8();
        text.map(String::from).map_err(|_| Refusal::invalid_request("a parameter is not valid UTF-8"))
    };
    let (mut resources, mut relations) = (Vec::new(), Vec::new());
    for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        match name {
            "resource" => resources.push(decoded(value)?),
            "rel" => relations.push(decoded(value)?),
            _ => {}
        }
    }
    match (resources.pop(), resources.pop()) {
        (Some(resource), None) => Ok((resource, relations)),
        (Some(_), Some(_)) => Err(Refusal::invalid_request("resource is repeated")),
        (None, _) => Err(Refusal::invalid_request("resource is missing")),
    }
}
