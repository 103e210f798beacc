//! The errors of resource requests: JSON, and the challenge `WWW-Authenticate: Bearer` (RFC 6750 §3).

use application::Error;
use application::error::Refusal;
use application::metadata::path;
use application::refusals::FailedGuess;
use axum::response::Response;
use http::StatusCode;
use http::header::WWW_AUTHENTICATE;

use super::{Failure, insert};
use crate::app::App;
use crate::extract::body::Unreadable;

impl App {
    /// For a resource request with a token, or that is malformed.
    pub(crate) fn bearer_error(&self, error: &Error) -> Response {
        self.bearer(&self.failure(error))
    }

    /// The same, for a wrong guess at the token.
    pub(crate) fn bearer_guess(&self, guess: &FailedGuess<'_>, error: &Error) -> Response {
        self.bearer(&self.guess(guess, error))
    }

    fn bearer(&self, failure: &Failure) -> Response {
        let mut response = self.json(failure);
        if let Some(code) = code(failure.status) {
            self.challenge(&mut response, code, &failure.description);
        }
        response
    }

    /// Adds the challenge to the refusal of a message that is malformed, if its route takes tokens.
    pub(super) fn challenge_malformed(
        &self,
        response: &mut Response,
        route: Option<&str>,
        description: &str,
    ) {
        let is_at = |at: &str| route.is_some_and(|route| route.contains(at));
        let is_userinfo = is_at(path::USERINFO);
        let has_challenge = matches!(response.status(), StatusCode::BAD_REQUEST | StatusCode::FORBIDDEN);
        if has_challenge && (is_userinfo || is_at("/admin/")) {
            self.challenge(response, "invalid_request", description);
        }
        if is_userinfo {
            self.add_resource_metadata(response);
        }
    }

    fn challenge(&self, response: &mut Response, code: &str, description: &str) {
        let challenge = format!(
            "Bearer realm=\"{}\", error=\"{code}\", error_description=\"{}\"",
            self.use_cases.settings.issuer,
            quotable(description)
        );
        insert(response.headers_mut(), WWW_AUTHENTICATE, &challenge);
    }

    /// For a request without any token. The challenge names no error (RFC 6750 §3.1). The body says which token is needed,
    /// because the client may not have known it, and its code is not that of an invalid token.
    pub(crate) fn bearer_challenge(&self, needed: &'static str) -> Response {
        let none = Refusal::invalid_request("no token was sent");
        let refusal = Refusal { description: format!("{}; {needed}", none.description).into(), ..none };
        let failure = Failure { status: StatusCode::UNAUTHORIZED, ..self.failure(&refusal.into()) };
        let mut response = self.json(&failure);
        let challenge = format!("Bearer realm=\"{}\"", self.use_cases.settings.issuer);
        insert(response.headers_mut(), WWW_AUTHENTICATE, &challenge);
        response
    }

    /// For a resource request whose body could not be read.
    pub(crate) fn unreadable_resource_request(&self, unreadable: Unreadable) -> Response {
        match unreadable {
            Unreadable::Refused(refusal) => self.bearer_error(&refusal.into()),
            Unreadable::TooLarge | Unreadable::Stalled | Unreadable::Full => self.unreadable_json(unreadable),
        }
    }
}

/// The error of the challenge: RFC 6750 §3.1 has one for each of these statuses, and the body may be more precise.
const fn code(status: StatusCode) -> Option<&'static str> {
    match status {
        StatusCode::BAD_REQUEST => Some("invalid_request"),
        StatusCode::UNAUTHORIZED => Some("invalid_token"),
        StatusCode::FORBIDDEN => Some("insufficient_scope"),
        _ => None,
    }
}

/// The description in the characters that RFC 6750 §3 allows in the header. It may quote a value of the request.
fn quotable(description: &str) -> String {
    let quotable = |character: char| match character {
        '"' | '\\' => '\'',
        ' '..='~' => character,
        _ => '?',
    };
    description.chars().map(quotable).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_cannot_break_the_header() {
        assert_eq!(
            quotable("unknown scope \"ä\": \\\r\nSet-Cookie: a=b"),
            "unknown scope '?': '??Set-Cookie: a=b"
        );
    }
}
