//! The frames that a browser loads so that the clients of an ended session end theirs (OpenID Connect Front-Channel
//! Logout 1.0 §3).

use domain::Issuer;
use domain::logout::LogoutUri;
use url::form_urlencoded::Serializer;

/// A client's logout address, with the issuer and the session that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutFrame {
    /// The registered address, its query kept, with `iss` and `sid`.
    pub uri: String,
    /// Its scheme, host and port.
    pub origin: String,
}

impl LogoutFrame {
    /// The frame of a client that knows the ended session as `sid`.
    pub(super) fn new(registered: &LogoutUri, issuer: &Issuer, sid: &str) -> Self {
        let uri = registered.as_str();
        let separator = if uri.contains('?') { '&' } else { '?' };
        let parameters = [("iss", issuer.as_str()), ("sid", sid)];
        let query = Serializer::new(String::new()).extend_pairs(parameters).finish();
        Self { uri: format!("{uri}{separator}{query}"), origin: registered.origin() }
    }
}
