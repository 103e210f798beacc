//! The only mapping from errors to responses: status, headers, body (RFC 6749 §5.2, RFC 6750 §3).
//!
//! Every error gets a reference. The response carries the reference and nothing private; the log has the reason under it.

mod administration;
mod bearer;
mod explanation;
mod message;
mod page;

use application::Error;
use application::error::Refusal;
use application::port::Unavailable;
use application::refusals::{FailedGuess, GuessedSecret};
use axum::response::Response;
use domain::{ErrorCode, ErrorReference};
use http::header::{CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Serialize;

use crate::answer::private_json;
use crate::app::App;
use crate::extract::client_call::ClientCall;
use crate::measure;
use explanation::Explanation;

pub(crate) use administration::Problem;

pub(crate) const ERROR_REFERENCE: HeaderName = HeaderName::from_static("error-reference");
/// `Retry-After` in seconds when a store was unavailable.
const RETRY_AFTER_SECONDS: i64 = 2;

/// A failure before it is encoded for a caller.
struct Failure {
    status: StatusCode,
    code: ErrorCode,
    description: String,
    /// For the user: what happened and what to do.
    explanation: Explanation,
    retry_after: Option<i64>,
    reference: ErrorReference,
}

#[derive(Serialize)]
struct Body<'a> {
    error: &'a str,
    error_description: &'a str,
    error_uri: String,
}

impl App {
    /// For programs: JSON, and `WWW-Authenticate: Basic` when client authentication failed.
    pub(crate) fn json_error(&self, error: &Error) -> Response {
        self.challenging(&self.failure(error))
    }

    /// For the clients that call an endpoint: the same, and the log names the client.
    pub(crate) fn client_error(&self, call: &ClientCall, error: &Error) -> Response {
        let (client, address) = (call.claimed_client(), call.caller.address.as_str());
        let client = client.as_deref();
        let secret = GuessedSecret::ClientSecret;
        let failure = match call.is_guess(error) {
            true => self.guess(&FailedGuess { secret, address, client, user: None }, error),
            false => self.reported(self.use_cases.reporter.report(error, client), error),
        };
        self.challenging(&failure)
    }

    /// For the token endpoint, where a denial is 400 like any other refusal (RFC 6749 §5.2, RFC 8628 §3.5).
    pub(crate) fn token_error(&self, call: &ClientCall, error: &Error) -> Response {
        let mut response = self.client_error(call, error);
        if response.status() == StatusCode::FORBIDDEN {
            *response.status_mut() = StatusCode::BAD_REQUEST;
        }
        response
    }

    fn challenging(&self, failure: &Failure) -> Response {
        let mut response = self.json(failure);
        if failure.code == ErrorCode::InvalidClient {
            let challenge = format!("Basic realm=\"{}\", charset=\"UTF-8\"", self.use_cases.settings.issuer);
            insert(response.headers_mut(), WWW_AUTHENTICATE, &challenge);
        }
        response
    }

    /// For the well-known address of a resource that is not registered.
    pub(crate) fn no_such_resource(&self) -> Response {
        let nothing = Refusal::invalid_request("unknown resource");
        self.json(&Failure { status: StatusCode::NOT_FOUND, ..self.failure(&nothing.into()) })
    }

    /// For a method that the endpoint does not support.
    pub(crate) fn method_not_allowed(&self) -> Response {
        let wrong = Refusal::invalid_request("the endpoint does not support this method");
        self.json(&Failure { status: StatusCode::METHOD_NOT_ALLOWED, ..self.failure(&wrong.into()) })
    }

    /// For a request that timed out.
    pub(crate) fn timed_out(&self) -> Response {
        self.json_error(&Unavailable { component: "http", reason: "the request timed out".to_owned() }.into())
    }

    /// For a readiness check while a store has no room.
    pub(crate) fn store_is_full(&self, error: &Error) -> Response {
        let description = "a store is full; make room for it".to_owned();
        self.json(&Failure { description, ..self.failure(error) })
    }

    /// For a panic in a handler. The panic message itself is on standard error.
    pub(crate) fn panicked(&self) -> Response {
        let bug = Refusal::new(
            ErrorCode::ServerError,
            "internal error; the log has the details under this reference",
        );
        self.json_error(&bug.because("a handler panicked").into())
    }

    /// Reports the error once, and gives it its reference.
    fn failure(&self, error: &Error) -> Failure {
        self.failure_of(error, None)
    }

    /// The same, of a request that names this client.
    fn failure_of(&self, error: &Error, client: Option<&str>) -> Failure {
        self.reported(self.use_cases.reporter.report(error, client), error)
    }

    /// The same, for a wrong guess at a secret.
    fn guess(&self, guess: &FailedGuess<'_>, error: &Error) -> Failure {
        self.reported(self.use_cases.reporter.report_guess(guess, error), error)
    }

    /// Reports a refusal for which a page is shown that is not an error page, and adds its reference to the page.
    pub(crate) fn refused_on_page(&self, error: &Error, page: &mut Response) {
        self.refer(&self.use_cases.reporter.report(error, None), page);
    }

    /// The same, for a wrong guess at a secret.
    pub(crate) fn guessed_on_page(&self, guess: &FailedGuess<'_>, error: &Error, page: &mut Response) {
        self.refer(&self.use_cases.reporter.report_guess(guess, error), page);
    }

    /// Adds the reference of an error to its answer.
    pub(crate) fn refer(&self, reference: &ErrorReference, response: &mut Response) {
        insert(response.headers_mut(), ERROR_REFERENCE, reference.as_str());
    }

    /// The failure of an error that has its reference already.
    fn reported(&self, reference: ErrorReference, error: &Error) -> Failure {
        let temporarily = |status, description: &str, explanation, seconds| Failure {
            status,
            code: ErrorCode::TemporarilyUnavailable,
            description: description.to_owned(),
            explanation,
            retry_after: Some(seconds),
            reference: reference.clone(),
        };
        match error {
            Error::Refused(refusal) => Failure {
                status: status(refusal.code),
                code: refusal.code,
                description: refusal.description.to_string(),
                explanation: explanation::explain(refusal),
                retry_after: None,
                reference,
            },
            Error::Limited(limited) => {
                let seconds = (limited.until - self.use_cases.clock.now()).num_seconds().max(1);
                if limited.is_shared {
                    let description = "the server has taken too many requests of this kind; try again later";
                    let status = StatusCode::SERVICE_UNAVAILABLE;
                    return temporarily(status, description, explanation::UNAVAILABLE, seconds);
                }
                let description = "too many attempts; try again later";
                let explanation = explanation::TOO_MANY_ATTEMPTS;
                temporarily(StatusCode::TOO_MANY_REQUESTS, description, explanation, seconds)
            }
            Error::Unavailable(_) => {
                let description = "the server is temporarily unavailable; try again";
                let status = StatusCode::SERVICE_UNAVAILABLE;
                temporarily(status, description, explanation::UNAVAILABLE, RETRY_AFTER_SECONDS)
            }
        }
    }

    fn json(&self, failure: &Failure) -> Response {
        let body = Body {
            error: failure.code.as_str(),
            error_description: &failure.description,
            error_uri: failure.reference.uri(&self.use_cases.settings.issuer),
        };
        let mut response = private_json(&body);
        failure.finish(&mut response);
        response
    }
}

impl Failure {
    fn finish(&self, response: &mut Response) {
        measure::error(self.code);
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        insert(headers, ERROR_REFERENCE, self.reference.as_str());
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds.unsigned_abs()));
        }
    }
}

/// The status of each code that is not redirected.
const fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::InvalidClient | ErrorCode::InvalidToken => StatusCode::UNAUTHORIZED,
        ErrorCode::InsufficientScope | ErrorCode::AccessDenied => StatusCode::FORBIDDEN,
        ErrorCode::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
        ErrorCode::TemporarilyUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::InvalidRequest
        | ErrorCode::InvalidGrant
        | ErrorCode::UnauthorizedClient
        | ErrorCode::UnsupportedGrantType
        | ErrorCode::UnsupportedResponseType
        | ErrorCode::InvalidScope
        | ErrorCode::InvalidTarget
        | ErrorCode::UnsupportedTokenType
        | ErrorCode::AuthorizationPending
        | ErrorCode::SlowDown
        | ErrorCode::ExpiredToken
        | ErrorCode::LoginRequired
        | ErrorCode::ConsentRequired
        | ErrorCode::InteractionRequired
        | ErrorCode::AccountSelectionRequired
        | ErrorCode::UnmetAuthenticationRequirements
        | ErrorCode::RequestNotSupported
        | ErrorCode::RequestUriNotSupported
        | ErrorCode::RegistrationNotSupported
        | ErrorCode::InvalidRequestUri
        | ErrorCode::InvalidRequestObject
        | ErrorCode::InvalidRedirectUri
        | ErrorCode::InvalidClientMetadata
        | ErrorCode::InvalidSoftwareStatement
        | ErrorCode::UnapprovedSoftwareStatement => StatusCode::BAD_REQUEST,
    }
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
