//! Pushed authorization requests (RFC 9126).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::interaction;
use crate::{AuthorizationRequest, Digest, Secret};

/// The prefix of every `request_uri` that this server issues (RFC 9126 §2.2).
pub const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

/// The `request_uri` of a pushed request. Only the client knows it; a store keeps the digest of its random part.
#[derive(Debug, Clone)]
pub struct RequestUri(Secret);

impl RequestUri {
    /// A URI of 256 random bits (RFC 9126 §7.1: it cannot be guessed).
    #[must_use]
    pub fn from_random(bytes: [u8; 32]) -> Self {
        Self(Secret::from_random(bytes))
    }

    /// The URI in a `request_uri` parameter; none if this server cannot have issued it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.strip_prefix(PREFIX).map(|random| Self(Secret::from(random)))
    }

    /// The digest of the random part, for stores.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.0.digest()
    }

    /// The whole URI, for the wire.
    #[must_use]
    pub fn expose(&self) -> String {
        format!("{PREFIX}{}", self.0.expose())
    }
}

/// A request that a client pushed, validated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushedRequest {
    /// The validated request.
    pub request: AuthorizationRequest,
    /// When it expires: then no browser can open it.
    pub expires_at: DateTime<Utc>,
}

impl PushedRequest {
    /// Whether a browser can open it at `now`.
    #[must_use]
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at
    }

    /// When the last interaction that opened it has expired: from then on it cannot complete.
    #[must_use]
    pub fn completes_until(&self) -> DateTime<Utc> {
        self.expires_at + interaction::LIFETIME
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;
    use crate::authorization_request::tests::request;

    #[test]
    fn a_request_uri_has_the_registered_form_and_43_random_characters() {
        let uri = RequestUri::from_random([7; 32]).expose();
        let random = uri.strip_prefix("urn:ietf:params:oauth:request_uri:").unwrap();
        assert_eq!(random.len(), 43);
        let parsed = RequestUri::parse(&uri).unwrap();
        assert_eq!(parsed.digest(), Secret::from(random).digest());
    }

    #[test]
    fn another_uri_is_none_of_ours() {
        for text in ["", "https://client.example/request", "urn:ietf:params:oauth:token-type:jwt"] {
            assert!(RequestUri::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn debug_does_not_show_the_uri() {
        assert_eq!(format!("{:?}", RequestUri::from_random([7; 32])), "RequestUri([redacted])");
    }

    #[test]
    fn a_pushed_request_is_opened_until_it_expires_and_completes_half_an_hour_later_at_most() {
        let (expires_at, second) = (DateTime::UNIX_EPOCH, Duration::seconds(1));
        let pushed = PushedRequest { request: request("openid", "{}", &[]), expires_at };
        assert!(pushed.is_live(expires_at - second));
        assert!(!pushed.is_live(expires_at) && !pushed.is_live(expires_at + second));
        assert_eq!(pushed.completes_until(), expires_at + Duration::minutes(30));
    }
}
