//! The destination of an authorization response or error (RFC 6749 §4.1.2).

use serde::{Deserialize, Serialize};

use crate::ResponseMode;
use crate::redirect_uri::VerifiedRedirectUri;

/// The only way to redirect a browser to a client.
///
/// It can only be made from a [`VerifiedRedirectUri`]: before client and
/// redirect URI are known good there is nowhere to redirect an error to
/// (RFC 9700 §4.11).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnTo {
    redirect_uri: VerifiedRedirectUri,
    response_mode: ResponseMode,
    state: Option<String>,
}

impl ReturnTo {
    /// Binds the verified redirect URI, the mode and the client's opaque `state`.
    #[must_use]
    pub const fn new(
        redirect_uri: VerifiedRedirectUri,
        response_mode: ResponseMode,
        state: Option<String>,
    ) -> Self {
        Self { redirect_uri, response_mode, state }
    }

    /// The redirect URI, as it was presented.
    #[must_use]
    pub const fn redirect_uri(&self) -> &VerifiedRedirectUri {
        &self.redirect_uri
    }

    /// The response mode.
    #[must_use]
    pub const fn response_mode(&self) -> ResponseMode {
        self.response_mode
    }

    /// The `state` to return unchanged.
    #[must_use]
    pub fn state(&self) -> Option<&str> {
        self.state.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RedirectUri;

    #[test]
    fn a_response_goes_where_the_request_said_with_its_state_unchanged() {
        let registered: RedirectUri = "http://127.0.0.1/cb".parse().unwrap();
        let presented = registered.matching("http://127.0.0.1:49152/cb").unwrap();
        for (mode, state) in [(ResponseMode::FormPost, Some(" %&#\u{e9}")), (ResponseMode::Fragment, None)] {
            let return_to = ReturnTo::new(presented.clone(), mode, state.map(str::to_owned));
            assert_eq!(return_to.redirect_uri().as_str(), "http://127.0.0.1:49152/cb");
            assert_eq!((return_to.response_mode(), return_to.state()), (mode, state));
        }
    }
}
