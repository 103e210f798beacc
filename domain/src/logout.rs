//! Where a client is notified that a session has ended (OpenID Connect Back-Channel Logout 1.0 §2.2,
//! Front-Channel Logout 1.0 §2).

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::{Origin, Url};

use crate::outbound_uri::InvalidOutboundUri;
use crate::{OutboundUri, RedirectUri};

/// The two ways to notify a client. Its members are kept as they were registered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogoutChannels {
    /// By a request of this server.
    pub back: LogoutChannel,
    /// Through the user's browser, by a hidden frame.
    pub front: LogoutChannel,
}

/// One way to notify a client.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogoutChannel {
    /// `backchannel_logout_uri` or `frontchannel_logout_uri`; none if the client is not notified.
    #[serde(deserialize_with = "Option::deserialize")]
    pub uri: Option<LogoutUri>,
    /// `…_logout_session_required`. The session is always named, so nothing depends on it.
    pub session_required: bool,
}

/// An https address, or an http one on this machine or on a private network, as the exact text that was registered. Policy and
/// the rules of each channel say which may be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LogoutUri(OutboundUri);

/// Why an address cannot be notified of a logout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidLogoutUri {
    /// No request can be sent to it.
    #[error(transparent)]
    Uri(#[from] InvalidOutboundUri),
    /// URLs allow more, but the header that names a frame's origin would read it as something else.
    #[error("must have a host of letters, digits, dots, hyphens and underscores")]
    Host,
}

impl LogoutChannel {
    /// `…_logout_session_required` for the registration document; none if the client registered nothing of the two.
    #[must_use]
    pub fn registered_session_required(&self) -> Option<bool> {
        (self.uri.is_some() || self.session_required).then_some(self.session_required)
    }
}

impl LogoutUri {
    /// The registered text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The address that this server sends requests to.
    #[must_use]
    pub const fn outbound(&self) -> &OutboundUri {
        &self.0
    }

    /// Its scheme, host and port, as browsers write them (RFC 6454 §6.2).
    #[must_use]
    pub fn origin(&self) -> String {
        origin(self.as_str()).map(|origin| origin.ascii_serialization()).unwrap_or_default()
    }

    /// Whether its scheme, host and port are those of one of these (Front-Channel Logout §2).
    #[must_use]
    pub fn is_beside(&self, redirect_uris: &[RedirectUri]) -> bool {
        let Some(own) = origin(self.as_str()) else {
            return false;
        };
        redirect_uris.iter().any(|uri| origin(uri.as_str()).is_some_and(|theirs| theirs == own))
    }
}

/// An opaque origin belongs to no host: it is not even equal to itself.
fn origin(uri: &str) -> Option<Origin> {
    Url::parse(uri).ok().map(|url| url.origin()).filter(Origin::is_tuple)
}

impl FromStr for LogoutUri {
    type Err = InvalidLogoutUri;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let uri = Self(OutboundUri::plain(text)?);
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:/[]".contains(&byte);
        if uri.origin().bytes().all(plain) { Ok(uri) } else { Err(InvalidLogoutUri::Host) }
    }
}

impl TryFrom<String> for LogoutUri {
    type Error = InvalidLogoutUri;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<LogoutUri> for String {
    fn from(uri: LogoutUri) -> Self {
        uri.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(text: &str) -> LogoutUri {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_that_we_or_a_browser_can_call_is_taken() {
        for text in
            ["https://a.example/out?x=1", "http://localhost:3000/out", "http://127.0.0.1/", "http://[::1]/"]
        {
            assert_eq!(uri(text).as_str(), text);
            assert_eq!(uri(text).outbound().as_str(), text);
            assert_eq!(serde_json::to_value(uri(text)).unwrap(), text);
            assert_eq!(serde_json::from_value::<LogoutUri>(text.into()).unwrap(), uri(text));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "/out",
            "http://8.8.8.8/out",
            "https://a.example/out#f",
            "https://user@a.example/out",
            "com.example.app:/out",
            "javascript:alert(1)",
            "https://a;sandbox/out",
            "https://a,default-src/out",
            "https://*.example/out",
            "data:text/html,x",
        ] {
            assert!(text.parse::<LogoutUri>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn only_the_same_scheme_host_and_port_is_beside_a_redirect_uri() {
        let redirect_uris = ["com.example.app:/cb", "https://a.example/cb", "http://localhost:3000/cb"]
            .map(|text| text.parse().unwrap());
        for text in ["https://a.example/out", "https://a.example:443/out?x", "http://localhost:3000/"] {
            assert!(uri(text).is_beside(&redirect_uris), "{text}");
        }
        for text in [
            "https://b.example/out",
            "https://a.example.evil.example/out",
            "https://a.example:8443/out",
            "http://localhost:3001/",
            "http://127.0.0.1:3000/",
        ] {
            assert!(!uri(text).is_beside(&redirect_uris), "{text}");
        }
        assert!(!uri("https://a.example/").is_beside(&[]));
    }

    #[test]
    fn the_origin_is_written_as_browsers_write_it() {
        assert_eq!(uri("https://A.example:443/out?x=1").origin(), "https://a.example");
        assert_eq!(uri("http://[::1]:3000/out").origin(), "http://[::1]:3000");
    }

    #[test]
    fn a_document_says_whether_the_session_is_required_only_if_the_client_said_anything() {
        let somewhere = "https://a.example/out".parse().ok();
        for (uri, session_required, registered) in [
            (None, false, None),
            (somewhere.clone(), false, Some(false)),
            (somewhere, true, Some(true)),
            (None, true, Some(true)),
        ] {
            let channel = LogoutChannel { uri, session_required };
            assert_eq!(channel.registered_session_required(), registered, "{channel:?}");
        }
    }
}
