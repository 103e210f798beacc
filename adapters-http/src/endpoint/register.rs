//! `/connect/register` (RFC 7591 §3) and `/connect/register/{client_id}` (RFC 7592 §2).

use application::Error;
use application::client::document::RegistrationDocument;
use application::client::registration::Registered;
use application::error::Refusal;
use application::metadata::path;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::ErrorCode;
use domain::client::ClientDraft;
use http::header::CACHE_CONTROL;
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::answer::private_json;
use crate::app::{App, Shared};
use crate::extract::body::Unreadable;
use crate::extract::{address, bearer, metadata};

/// Registers a client.
pub(crate) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let address = address::client_address(&request, &app.trusted_proxies);
    let token = token(request.headers());
    let draft = match draft(&app, request).await {
        Ok(draft) => draft,
        Err(unreadable) => return unreadable,
    };
    match app.use_cases.registration.register(token.as_deref(), draft, &address).await {
        Ok(registered) => (StatusCode::CREATED, app.registration(&registered)).into_response(),
        Err(error) => app.registration_error(&error, token.is_some()),
    }
}

/// Tells a client its registration.
pub(crate) async fn get(State(app): State<Shared>, id: PathId, headers: HeaderMap) -> Response {
    let token = token(&headers);
    let read = app.use_cases.registration.read(&name(id), token.as_deref().unwrap_or_default()).await;
    match read {
        Ok(registered) => app.registration(&registered),
        Err(error) => app.registration_error(&error, token.is_some()),
    }
}

/// Replaces a client's registration.
pub(crate) async fn put(State(app): State<Shared>, id: PathId, request: Request) -> Response {
    let token = token(request.headers());
    let draft = match draft(&app, request).await {
        Ok(draft) => draft,
        Err(unreadable) => return unreadable,
    };
    let registration = &app.use_cases.registration;
    match registration.update(&name(id), token.as_deref().unwrap_or_default(), draft).await {
        Ok(registered) => app.registration(&registered),
        Err(error) => app.registration_error(&error, token.is_some()),
    }
}

/// Deletes a client.
pub(crate) async fn delete(State(app): State<Shared>, id: PathId, headers: HeaderMap) -> Response {
    let token = token(&headers);
    match app.use_cases.registration.delete(&name(id), token.as_deref().unwrap_or_default()).await {
        Ok(()) => {
            (StatusCode::NO_CONTENT, [(CACHE_CONTROL, HeaderValue::from_static("no-store"))]).into_response()
        }
        Err(error) => app.registration_error(&error, token.is_some()),
    }
}

type PathId = Result<Path<String>, PathRejection>;

/// Text that cannot be parsed is no client's id either.
fn name(id: PathId) -> String {
    id.map_or_else(|_| String::new(), |Path(id)| id)
}

fn token(headers: &HeaderMap) -> Option<String> {
    bearer::bearer(headers, None).ok().flatten()
}

/// The metadata or its problems; or the response to a body that could not be read.
async fn draft(app: &App, request: Request) -> Result<Result<ClientDraft, Refusal>, Response> {
    match metadata::metadata(request).await {
        Ok(draft) => Ok(Ok(draft)),
        Err(Unreadable::Refused(refusal)) => Ok(Err(refusal)),
        Err(unreadable @ (Unreadable::TooLarge | Unreadable::Stalled)) => {
            Err(app.unreadable_metadata(unreadable))
        }
    }
}

impl App {
    fn registration(&self, registered: &Registered) -> Response {
        let id = &registered.client.id;
        let uri = self.use_cases.settings.issuer.endpoint(&format!("{}/{id}", path::REGISTER));
        private_json(&RegistrationDocument::for_itself(registered, uri))
    }

    /// Without a token, the challenge names no error (RFC 6750 §3.1).
    fn registration_error(&self, error: &Error, with_token: bool) -> Response {
        let not_admitted =
            matches!(error, Error::Refused(refusal) if refusal.code == ErrorCode::InvalidToken);
        match (not_admitted, with_token) {
            (true, true) => self.bearer_error(error),
            (true, false) => self.bearer_challenge(),
            (false, _) => self.json_error(error),
        }
    }
}
