//! The errors of messages that cannot be read: bodies that are too large or do not arrive, and what HTTP itself forbids
//! (RFC 9110 §15.5).

use application::error::Refusal;
use axum::response::Response;
use domain::ErrorCode;
use http::header::ACCEPT_ENCODING;
use http::{HeaderValue, StatusCode};

use super::administration::CHANGED;
use super::explanation::UNAVAILABLE;
use super::{Failure, RETRY_AFTER_SECONDS};
use crate::app::App;
use crate::extract::body::Unreadable;
use crate::language::Language;
use crate::message::Malformed;

impl App {
    /// For a body that could not be read, as JSON.
    pub(crate) fn unreadable_json(&self, unreadable: Unreadable) -> Response {
        self.json(&self.unreadable(unreadable, Refusal::invalid_request))
    }

    /// For client metadata that could not be read.
    pub(crate) fn unreadable_metadata(&self, unreadable: Unreadable) -> Response {
        self.json(&self.unreadable(unreadable, Refusal::invalid_client_metadata))
    }

    /// For a form that could not be read, as a page.
    pub(crate) fn unreadable_page(&self, unreadable: Unreadable, language: Language) -> Response {
        self.page_of(&self.unreadable(unreadable, Refusal::invalid_request), language)
    }

    fn unreadable(&self, unreadable: Unreadable, refusal: impl Fn(&'static str) -> Refusal) -> Failure {
        match unreadable {
            Unreadable::Refused(refusal) => self.failure(&refusal.into()),
            Unreadable::TooLarge => {
                self.refused_with(StatusCode::PAYLOAD_TOO_LARGE, refusal("the request body is too large"))
            }
            Unreadable::Stalled => self.refused_with(
                StatusCode::REQUEST_TIMEOUT,
                refusal("the request body did not arrive in time"),
            ),
            Unreadable::Full => self.busy(),
        }
    }

    /// For a request for which there is no memory.
    pub(crate) fn overloaded(&self) -> Response {
        self.json(&self.busy())
    }

    fn busy(&self) -> Failure {
        let busy = Refusal::new(ErrorCode::TemporarilyUnavailable, "the server is busy; try again")
            .because("the memory for requests is in use");
        let failure = self.failure(&busy.into());
        Failure { explanation: UNAVAILABLE, retry_after: Some(RETRY_AFTER_SECONDS), ..failure }
    }

    /// For a request to this route that is no valid HTTP message.
    pub(crate) fn malformed(&self, malformed: Malformed, route: Option<&str>) -> Response {
        let (status, description) = match malformed {
            Malformed::Host(description) | Malformed::Coding(description) => {
                (StatusCode::BAD_REQUEST, description)
            }
            Malformed::TargetTooLong => (StatusCode::URI_TOO_LONG, "the request target is too long"),
            Malformed::TransferCoding => {
                (StatusCode::NOT_IMPLEMENTED, "the server supports no transfer coding except chunked")
            }
            Malformed::ContentCoding => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "the server supports no Content-Encoding")
            }
            Malformed::PlainHttp => {
                (StatusCode::FORBIDDEN, "the request came by http; this server is for https only")
            }
            Malformed::Expectation => {
                (StatusCode::EXPECTATION_FAILED, "the server supports no expectation except 100-continue")
            }
        };
        let mut refusal = Refusal::invalid_request(description);
        if malformed == Malformed::PlainHttp {
            let reason = "a trusted proxy says `http` in `X-Forwarded-Proto` or `Forwarded`, and no proxy says `https`";
            refusal = refusal.because(reason);
        }
        let mut response = self.json(&self.refused_with(status, refusal));
        self.challenge_malformed(&mut response, route, description);
        if status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
            // RFC 9110 §15.5.16: what would have been accepted.
            response.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
        response
    }

    /// For a change by a caller that has not read the current version.
    pub(crate) fn precondition_failed(&self) -> Response {
        self.json(&self.refused_with(StatusCode::PRECONDITION_FAILED, Refusal::invalid_request(CHANGED)))
    }

    fn refused_with(&self, status: StatusCode, refusal: Refusal) -> Failure {
        Failure { status, ..self.failure(&refusal.into()) }
    }
}
