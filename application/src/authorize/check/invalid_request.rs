//! A request that failed a check: an error page for the user, or an error response for the client.

use domain::interaction::HeldError;

use crate::error::{Error, Refusal};

/// A request that failed a check.
#[derive(Debug)]
pub(in crate::authorize) enum InvalidRequest {
    /// The client or its redirect URI is not known good: the user sees an error page.
    ErrorPage(Error),
    /// The client gets an error response.
    ErrorResponse {
        /// The error response.
        error: HeldError,
        /// Whether the client requested an answer without any page (`prompt=none`).
        is_silent: bool,
        /// The same error for a client that waits for the answer itself.
        refusal: Refusal,
    },
}

impl From<InvalidRequest> for Error {
    /// For a client that waits for the answer itself (RFC 9126 §2.3).
    fn from(invalid: InvalidRequest) -> Self {
        match invalid {
            InvalidRequest::ErrorPage(error) => error,
            InvalidRequest::ErrorResponse { refusal, .. } => refusal.into(),
        }
    }
}
