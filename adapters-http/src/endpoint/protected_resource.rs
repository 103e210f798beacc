//! `GET /.well-known/oauth-protected-resource` and below: protected resource metadata (RFC 9728 §3).

use application::metadata::path;
use application::resource::metadata::ResourceMetadata;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::header::{HOST, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::answer::Cacheable;
use crate::app::{App, Shared};

/// The metadata of the issuer or of a registered resource; the path after the well-known path is the resource's.
pub(crate) async fn get(State(app): State<Shared>, request: Request) -> Response {
    let target = request.uri().path_and_query().map_or("", |target| target.as_str());
    let behind = target.split_once(path::PROTECTED_RESOURCE).map_or("", |(_, behind)| behind);
    let host = match request.uri().authority() {
        Some(authority) => Some(authority.as_str()),
        None => request.headers().get(HOST).and_then(|host| host.to_str().ok()),
    };
    match app.use_cases.protected_resources.document(host, behind).await {
        Ok(Some(document)) => answer(&document, request.headers()),
        Ok(None) => app.no_such_resource(),
        Err(error) => app.json_error(&error),
    }
}

/// The issuer's own metadata below its path, for clients that append the well-known path to the issuer.
pub(crate) async fn issuer_metadata(State(app): State<Shared>, headers: HeaderMap) -> Response {
    answer(&app.use_cases.protected_resources.issuer_document(), &headers)
}

fn answer(document: &ResourceMetadata, request: &HeaderMap) -> Response {
    match serde_json::to_vec(document) {
        Ok(bytes) => Cacheable::new(bytes).answer(request),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

impl App {
    /// Adds the URL of the issuer's metadata to the `WWW-Authenticate` challenge (RFC 9728 §5.1).
    pub(crate) fn with_resource_metadata(&self, mut response: Response) -> Response {
        self.add_resource_metadata(&mut response);
        response
    }

    /// The same, for a response that is not returned yet.
    pub(crate) fn add_resource_metadata(&self, response: &mut Response) {
        let issuer = &self.use_cases.settings.issuer;
        let url = format!("{}{}{}", issuer.origin(), path::PROTECTED_RESOURCE, issuer.path());
        let challenge = response.headers().get(WWW_AUTHENTICATE).and_then(|value| value.to_str().ok());
        let extended = challenge.map(|challenge| format!("{challenge}, resource_metadata=\"{url}\""));
        if let Some(value) = extended.and_then(|text| HeaderValue::try_from(text).ok()) {
            response.headers_mut().insert(WWW_AUTHENTICATE, value);
        }
    }
}
