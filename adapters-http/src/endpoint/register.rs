//! `/connect/register` (RFC 7591 §3) and `/connect/register/{client_id}` (RFC 7592 §2).

use application::Error;
use application::client::document::RegistrationDocument;
use application::client::registration::Registered;
use application::error::Refusal;
use application::metadata::path;
use application::refusals::{FailedGuess, GuessedSecret};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::client::ClientDraft;
use domain::{Caller, ClientId, ErrorCode};
use http::header::{CACHE_CONTROL, ETAG};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::answer::{entity_tag_of, private_json, shown};
use crate::app::{App, Shared};
use crate::extract::body::Unreadable;
use crate::extract::conditions::Conditions;
use crate::extract::{address, bearer, metadata};

/// Registers a client.
pub(crate) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let caller = address::caller(&request, &app.trusted_proxies);
    let token = match bearer::bearer(request.headers(), None) {
        Ok(token) => token,
        Err(refusal) => return app.bearer_error(&refusal.into()),
    };
    let draft = match draft(&app, request).await {
        Ok(draft) => draft,
        Err(unreadable) => return unreadable,
    };
    match app.use_cases.registration.register(token.as_deref(), draft, &caller.network).await {
        Ok(registered) => (StatusCode::CREATED, app.registration(&registered)).into_response(),
        Err(error) => app.registration_error(&error, token.as_deref().ok_or(INITIAL_TOKEN), &caller),
    }
}

/// Tells a client its registration.
pub(crate) async fn get(State(app): State<Shared>, id: PathId, request: Request) -> Response {
    let caller = address::caller(&request, &app.trusted_proxies);
    let headers = request.into_parts().0.headers;
    let token = match bearer::bearer(&headers, None) {
        Ok(token) => token,
        Err(refusal) => return app.bearer_error(&refusal.into()),
    };
    let read = app.use_cases.registration.read(&name(id), token.as_deref().unwrap_or_default()).await;
    match read {
        Ok(registered) => shown(&app.tag(&registered), &headers, || app.registration(&registered)),
        Err(error) => app.registration_error(&error, token.as_deref().ok_or(REGISTRATION_TOKEN), &caller),
    }
}

/// Replaces a client's registration.
pub(crate) async fn put(State(app): State<Shared>, id: PathId, request: Request) -> Response {
    let caller = address::caller(&request, &app.trusted_proxies);
    let token = match bearer::bearer(request.headers(), None) {
        Ok(token) => token,
        Err(refusal) => return app.bearer_error(&refusal.into()),
    };
    let id = name(id);
    if let Err(refused) = app.check_conditions(&id, token.as_deref(), (request.headers(), &caller)).await {
        return refused;
    }
    let draft = match draft(&app, request).await {
        Ok(draft) => draft,
        Err(unreadable) => return unreadable,
    };
    let registration = &app.use_cases.registration;
    match registration.update(&id, token.as_deref().unwrap_or_default(), draft, &caller.network).await {
        Ok(registered) => app.registration(&registered),
        Err(error) => app.registration_error(&error, token.as_deref().ok_or(REGISTRATION_TOKEN), &caller),
    }
}

/// Deletes a client.
pub(crate) async fn delete(State(app): State<Shared>, id: PathId, request: Request) -> Response {
    let caller = address::caller(&request, &app.trusted_proxies);
    let token = match bearer::bearer(request.headers(), None) {
        Ok(token) => token,
        Err(refusal) => return app.bearer_error(&refusal.into()),
    };
    let id = name(id);
    if let Err(refused) = app.check_conditions(&id, token.as_deref(), (request.headers(), &caller)).await {
        return refused;
    }
    let deleted =
        app.use_cases.registration.delete(&id, token.as_deref().unwrap_or_default(), &caller.network).await;
    match deleted {
        Ok(()) => {
            (StatusCode::NO_CONTENT, [(CACHE_CONTROL, HeaderValue::from_static("no-store"))]).into_response()
        }
        Err(error) => app.registration_error(&error, token.as_deref().ok_or(REGISTRATION_TOKEN), &caller),
    }
}

/// The challenge for a caller without a token.
const INITIAL_TOKEN: &str = "client registration needs an initial access token, sent as a bearer token";
const REGISTRATION_TOKEN: &str =
    "managing a registration needs the client's registration access token, sent as a bearer token";

type PathId = Result<Path<String>, PathRejection>;

/// Text that cannot be parsed is no client's id either.
fn name(id: PathId) -> String {
    id.map_or_else(|_| String::new(), |Path(id)| id)
}

/// The metadata of a request, or what is wrong with it. Whether the caller may register at all is answered first.
type SentDraft = Result<ClientDraft, Refusal>;

/// The metadata; or the response to a body that could not be read.
async fn draft(app: &App, request: Request) -> Result<SentDraft, Response> {
    match metadata::metadata(request).await {
        Ok(draft) => Ok(Ok(draft)),
        Err(Unreadable::Refused(refusal)) => Ok(Err(refusal)),
        Err(unreadable @ (Unreadable::TooLarge | Unreadable::Stalled | Unreadable::Full)) => {
            Err(app.unreadable_metadata(unreadable))
        }
    }
}

impl App {
    /// The answer carries the tag of what the next GET would show.
    fn registration(&self, registered: &Registered) -> Response {
        let mut response = private_json(&self.document(registered));
        response.headers_mut().insert(ETAG, self.tag(registered));
        response
    }

    fn document(&self, registered: &Registered) -> RegistrationDocument {
        RegistrationDocument::for_itself(registered, self.registration_client_uri(&registered.client.id))
    }

    /// Where a client manages its registration (RFC 7592 §3).
    pub(crate) fn registration_client_uri(&self, id: &ClientId) -> String {
        self.use_cases.settings.issuer.endpoint(&format!("{}/{id}", path::REGISTER))
    }

    fn tag(&self, registered: &Registered) -> HeaderValue {
        let Registered { client, token, .. } = registered;
        let shown = Registered { client: client.clone(), secret: None, token: token.clone() };
        entity_tag_of(&self.document(&shown))
    }

    /// Refuses a change of a registration that is not the one that the caller has read.
    async fn check_conditions(
        &self,
        id: &str,
        token: Option<&str>,
        (request, caller): (&HeaderMap, &Caller),
    ) -> Result<(), Response> {
        let conditions = Conditions::read(request);
        if conditions.are_none() {
            return Ok(());
        }
        match self.use_cases.registration.read(id, token.unwrap_or_default()).await {
            Ok(registered) if conditions.admit(|| self.tag(&registered)) => Ok(()),
            Ok(_) => Err(self.precondition_failed()),
            Err(error) => Err(self.registration_error(&error, token.ok_or(REGISTRATION_TOKEN), caller)),
        }
    }

    /// Without a token, the challenge names no error (RFC 6750 §3.1).
    fn registration_error(
        &self,
        error: &Error,
        token: Result<&str, &'static str>,
        caller: &Caller,
    ) -> Response {
        let not_admitted =
            matches!(error, Error::Refused(refusal) if refusal.code == ErrorCode::InvalidToken);
        match (not_admitted, token) {
            (true, Ok(_)) => {
                let secret = GuessedSecret::RegistrationToken;
                let guess = FailedGuess { secret, address: &caller.address, client: None, user: None };
                self.bearer_guess(&guess, error)
            }
            (true, Err(needed)) => self.bearer_challenge(needed),
            (false, _) => self.json_error(error),
        }
    }
}
