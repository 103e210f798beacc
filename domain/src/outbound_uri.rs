//! A URI that this server requests itself because a client registered it, such as `jwks_uri` (RFC 7591 §2).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// The maximum length in bytes.
const MAX_LENGTH: usize = 2048;

/// An absolute https URI, or http to this machine or (see [`plain`](Self::plain)) to a private network, as the exact text
/// that was given.
///
/// It is well formed. Whether it may be requested depends on the server's policy and on the address that its host
/// resolves to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OutboundUri(String);

/// Why this server never requests a URI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidOutboundUri {
    /// Not an absolute URI of printable ASCII of at most 2048 characters.
    #[error("must be an absolute https URI of at most 2048 printable ASCII characters")]
    NotAbsolute,
    /// Another scheme, or http to another machine.
    #[error("must be an https URI")]
    Scheme,
    /// It has a user name, a password or a fragment.
    #[error("must have neither user information nor a fragment")]
    Surplus,
}

impl OutboundUri {
    /// The exact text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// An https URI, or http to a host that may be on a private network: to a name, or to a private or loopback address. Only
    /// the connection shows where a name is.
    ///
    /// # Errors
    /// [`InvalidOutboundUri`]
    pub fn plain(text: &str) -> Result<Self, InvalidOutboundUri> {
        Self::parse(text, may_be_private)
    }

    /// Whether it uses TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        Url::parse(&self.0).is_ok_and(|url| url.scheme() == "https")
    }
}

impl FromStr for OutboundUri {
    type Err = InvalidOutboundUri;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text, is_this_machine)
    }
}

impl OutboundUri {
    fn parse(text: &str, is_plain_allowed: fn(&Url) -> bool) -> Result<Self, InvalidOutboundUri> {
        let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        if !plain || text.len() > MAX_LENGTH {
            return Err(InvalidOutboundUri::NotAbsolute);
        }
        let url = Url::parse(text).map_err(|_| InvalidOutboundUri::NotAbsolute)?;
        let allowed = match url.scheme() {
            "https" => true,
            "http" => is_plain_allowed(&url),
            _ => false,
        };
        if !allowed {
            return Err(InvalidOutboundUri::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(InvalidOutboundUri::Surplus);
        }
        Ok(Self(text.to_owned()))
    }
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn may_be_private(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(_)) => true,
        Some(Host::Ipv4(address)) => address.is_loopback() || address.is_private(),
        Some(Host::Ipv6(address)) => address.is_loopback() || address.is_unique_local(),
        None => false,
    }
}

impl TryFrom<String> for OutboundUri {
    type Error = InvalidOutboundUri;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<OutboundUri> for String {
    fn from(uri: OutboundUri) -> Self {
        uri.0
    }
}

impl fmt::Display for OutboundUri {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_anywhere_and_http_to_this_machine_are_kept_as_they_were_written() {
        for (text, https) in [
            ("https://client.example/jwks.json", true),
            ("HTTPS://client.example", true),
            ("https://client.example:8443/keys?tenant=1", true),
            ("https://[2001:4860:4860::8888]/jwks", true),
            ("http://localhost:3000/jwks", false),
            ("http://127.0.0.1/jwks", false),
            ("http://[::1]:9/jwks", false),
        ] {
            let uri: OutboundUri = text.parse().unwrap();
            assert_eq!((uri.as_str(), uri.to_string().as_str(), uri.is_https()), (text, text, https));
            assert_eq!(OutboundUri::plain(text).as_ref(), Ok(&uri));
            assert_eq!(serde_json::to_value(&uri).unwrap(), text);
            assert_eq!(serde_json::from_value::<OutboundUri>(text.into()).unwrap(), uri);
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let of_length = |length: usize| format!("https://client.example/{}", "x".repeat(length - 23));
        assert!(of_length(2_048).parse::<OutboundUri>().is_ok());
        let long = of_length(2_049);
        for (text, reason) in [
            ("", InvalidOutboundUri::NotAbsolute),
            ("/jwks", InvalidOutboundUri::NotAbsolute),
            ("https://", InvalidOutboundUri::NotAbsolute),
            ("https://client.example/a b", InvalidOutboundUri::NotAbsolute),
            ("https://client.example\\@evil.example", InvalidOutboundUri::NotAbsolute),
            ("https://clïent.example", InvalidOutboundUri::NotAbsolute),
            (long.as_str(), InvalidOutboundUri::NotAbsolute),
            ("http://client.example/jwks", InvalidOutboundUri::Scheme),
            ("http://localhost.evil.example/jwks", InvalidOutboundUri::Scheme),
            ("http://10.0.0.1/jwks", InvalidOutboundUri::Scheme),
            ("file:///etc/passwd", InvalidOutboundUri::Scheme),
            ("ftp://client.example/jwks", InvalidOutboundUri::Scheme),
            ("data:application/json,{}", InvalidOutboundUri::Scheme),
            ("https://me@client.example/jwks", InvalidOutboundUri::Surplus),
            ("https://me:secret@client.example/jwks", InvalidOutboundUri::Surplus),
            ("https://:secret@client.example/jwks", InvalidOutboundUri::Surplus),
            ("https://client.example/jwks#a", InvalidOutboundUri::Surplus),
        ] {
            assert_eq!(text.parse::<OutboundUri>(), Err(reason), "{text}");
        }
    }

    #[test]
    fn a_private_network_may_do_without_tls_where_that_is_said_and_the_internet_may_not() {
        for text in [
            "http://app.lan/logout",
            "http://client.example/logout",
            "http://10.0.0.7/logout",
            "http://192.168.1.2/",
            "http://127.0.0.2/",
            "http://[fd00::1]/",
            "http://[::1]/",
        ] {
            assert_eq!(OutboundUri::plain(text).map(String::from), Ok(text.to_owned()));
        }
        for text in ["http://8.8.8.8/", "http://169.254.169.254/", "http://[2001:db8::1]/", "ftp://app.lan/"]
        {
            assert_eq!(OutboundUri::plain(text), Err(InvalidOutboundUri::Scheme), "{text}");
        }
    }
}
