//! A request that failed a check: an error page for the user, or an error response for the client.

use crate::authorize::sender::FailedRequest;
use crate::error::Error;

/// A request that failed a check.
#[derive(Debug)]
pub(in crate::authorize) enum InvalidRequest {
    /// The client or its redirect URI is not known good: the user sees an error page.
    ErrorPage(Error),
    /// The client gets an error response.
    ErrorResponse(Box<FailedRequest>),
}

impl From<InvalidRequest> for Error {
    /// For a client that waits for the answer itself (RFC 9126 §2.3).
    fn from(invalid: InvalidRequest) -> Self {
        match invalid {
            InvalidRequest::ErrorPage(error) => error,
            InvalidRequest::ErrorResponse(failed) => failed.error,
        }
    }
}
