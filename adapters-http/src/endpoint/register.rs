//! `/connect/register` (RFC 7591 §3) and `/connect/register/{client_id}` (RFC 7592 §2).

use application::Error;
use application::error::Refusal;
use application::metadata::path;
use application::register::{Document, Registered};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::{
    Client, ClientKeys, ErrorCode, GrantType, KeySource, OutboundUri, RedirectUri, Scope, Secret,
    SigningAlgorithm,
};
use http::header::CACHE_CONTROL;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Serialize;

use crate::answer::private_json;
use crate::app::{App, Shared};
use crate::extract::parameters::Unreadable;
use crate::extract::{address, bearer, metadata};

/// The registration (RFC 7591 §3.2.1, RFC 7592 §3). Nothing in it is null: what is unknown is not there.
#[derive(Serialize)]
struct Body<'a> {
    client_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<&'a str>,
    client_id_issued_at: i64,
    /// 0: it does not expire.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret_expires_at: Option<u8>,
    registration_access_token: &'a str,
    registration_client_uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_name: Option<&'a str>,
    redirect_uris: &'a [RedirectUri],
    grant_types: Vec<GrantType>,
    response_types: &'static [&'static str],
    scope: &'a Scope,
    token_endpoint_auth_method: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    jwks: Option<&'a ClientKeys>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jwks_uri: Option<&'a OutboundUri>,
    id_token_signed_response_alg: SigningAlgorithm,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    post_logout_redirect_uris: &'a [RedirectUri],
    #[serde(skip_serializing_if = "Option::is_none")]
    application_type: Option<&'static str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    contacts: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    client_uri: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logo_uri: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_uri: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tos_uri: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    initiate_login_uri: Option<&'a str>,
}

/// Registers a client.
pub(crate) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let address = address::client_address(&request, &app.trusted_proxies);
    let token = token(request.headers());
    let document = match document(&app, request).await {
        Ok(document) => document,
        Err(too_large) => return too_large,
    };
    match app.use_cases.registration.register(token.as_deref(), document, &address).await {
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
    let document = match document(&app, request).await {
        Ok(document) => document,
        Err(too_large) => return too_large,
    };
    let registration = &app.use_cases.registration;
    match registration.update(&name(id), token.as_deref().unwrap_or_default(), document).await {
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

/// What cannot be read is no client's id either.
fn name(id: PathId) -> String {
    id.map_or_else(|_| String::new(), |Path(id)| id)
}

fn token(headers: &HeaderMap) -> Option<String> {
    bearer::bearer(headers, None).ok().flatten()
}

/// The metadata, or what is wrong with it; or the answer to too much of it.
async fn document(app: &App, request: Request) -> Result<Result<Document, Refusal>, Response> {
    match metadata::metadata(request).await {
        Ok(document) => Ok(Ok(document)),
        Err(Unreadable::Refused(refusal)) => Ok(Err(refusal)),
        Err(Unreadable::TooLarge) => Err(app.too_much_metadata()),
    }
}

impl App {
    fn registration(&self, registered: &Registered) -> Response {
        let id = &registered.client.id;
        let uri = self.use_cases.settings.issuer.endpoint(&format!("{}/{id}", path::REGISTER));
        private_json(&body(registered, uri))
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

fn body(registered: &Registered, registration_client_uri: String) -> Body<'_> {
    let client: &Client = &registered.client;
    let own = client.registration.as_ref();
    Body {
        client_id: client.id.as_str(),
        client_secret: registered.secret.as_ref().map(Secret::expose),
        client_id_issued_at: client.created_at.timestamp(),
        client_secret_expires_at: client.authentication.is_by_secret().then_some(0),
        registration_access_token: registered.token.expose(),
        registration_client_uri,
        client_name: client.name.as_deref(),
        redirect_uris: &client.redirect_uris,
        grant_types: client.grant_types.iter().copied().collect(),
        response_types: match client.grant_types.contains(&GrantType::AuthorizationCode) {
            true => &["code"],
            false => &[],
        },
        scope: &client.scope,
        token_endpoint_auth_method: client.authentication.as_str(),
        jwks: client.authentication.keys().and_then(KeySource::jwks),
        jwks_uri: client.authentication.keys().and_then(KeySource::jwks_uri),
        id_token_signed_response_alg: client.id_token_signed_response_alg,
        post_logout_redirect_uris: &client.post_logout_redirect_uris,
        application_type: own.map(|own| own.application_type.as_str()),
        contacts: own.map_or(&[], |own| own.contacts.as_slice()),
        client_uri: own.and_then(|own| own.client_uri.as_deref()),
        logo_uri: client.logo_uri.as_deref(),
        policy_uri: client.policy_uri.as_deref(),
        tos_uri: client.tos_uri.as_deref(),
        initiate_login_uri: own.and_then(|own| own.initiate_login_uri.as_deref()),
    }
}
