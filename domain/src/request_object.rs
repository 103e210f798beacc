//! Signed requests (RFC 9101; OpenID Connect Core §6) as a client registers that it sends them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::outbound_uri::InvalidOutboundUri;
use crate::{KeySource, OutboundUri};

/// A client's registration for request objects (OpenID Connect Dynamic Registration §2, RFC 9101 §10.5).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RequestObjects {
    /// The keys that verify them, if they differ from the keys of its assertions.
    #[serde(deserialize_with = "Option::deserialize")]
    pub keys: Option<KeySource>,
    /// `request_object_signing_alg`; any supported algorithm if none.
    #[serde(deserialize_with = "Option::deserialize")]
    pub algorithm: Option<RequestObjectAlgorithm>,
    /// `require_signed_request_object`: a request without one is refused.
    pub required: bool,
    /// `request_uris`: the only places that one is fetched from.
    pub uris: Vec<RequestObjectUri>,
}

impl RequestObjects {
    /// Whether the client announces that it will send signed requests, which require keys.
    #[must_use]
    pub fn are_announced(&self) -> bool {
        self.required || self.algorithm.is_some() || !self.uris.is_empty()
    }
}

/// The algorithms for request objects: always asymmetric, never `none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RequestObjectAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 §3.3).
    #[serde(rename = "RS256")]
    Rs256,
    /// RSASSA-PSS with SHA-256 (RFC 7518 §3.5).
    #[serde(rename = "PS256")]
    Ps256,
    /// ECDSA with P-256 and SHA-256 (RFC 7518 §3.4).
    #[serde(rename = "ES256")]
    Es256,
    /// Ed25519 (RFC 8037 §3.1).
    #[serde(rename = "EdDSA")]
    EdDsa,
}

/// The text names no algorithm that request objects may be signed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be RS256, PS256, ES256 or EdDSA")]
pub struct UnknownRequestObjectAlgorithm;

impl RequestObjectAlgorithm {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Rs256, Self::Ps256, Self::Es256, Self::EdDsa];

    /// The value of `alg`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }
}

impl FromStr for RequestObjectAlgorithm {
    type Err = UnknownRequestObjectAlgorithm;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.as_str() == text)
            .ok_or(UnknownRequestObjectAlgorithm)
    }
}

/// Where a client publishes a request object: an address, and perhaps a fragment.
///
/// The fragment says which version of the document is meant, as the hash of its content or in any other way
/// (OpenID Connect Core §6.2): it is never sent, and two URIs that differ in nothing else name the same place.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RequestObjectUri {
    address: OutboundUri,
    fragment: Option<String>,
}

impl RequestObjectUri {
    /// What is requested.
    #[must_use]
    pub const fn address(&self) -> &OutboundUri {
        &self.address
    }

    /// Which version of it.
    #[must_use]
    pub fn fragment(&self) -> Option<&str> {
        self.fragment.as_deref()
    }
}

impl FromStr for RequestObjectUri {
    type Err = InvalidOutboundUri;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (address, fragment) = match text.split_once('#') {
            Some((address, fragment)) => (address, Some(fragment.to_owned())),
            None => (text, None),
        };
        let plain = |fragment: &String| {
            fragment.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#') && fragment.len() <= 512
        };
        if !fragment.as_ref().is_none_or(plain) {
            return Err(InvalidOutboundUri::NotAbsolute);
        }
        Ok(Self { address: address.parse()?, fragment })
    }
}

impl TryFrom<String> for RequestObjectUri {
    type Error = InvalidOutboundUri;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<RequestObjectUri> for String {
    fn from(uri: RequestObjectUri) -> Self {
        uri.to_string()
    }
}

impl fmt::Display for RequestObjectUri {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.fragment {
            Some(fragment) => write!(formatter, "{}#{fragment}", self.address),
            None => write!(formatter, "{}", self.address),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fragment_is_kept_and_is_no_part_of_the_address() {
        let longest = "x".repeat(512);
        for (text, address, fragment) in [
            ("https://client.example/r.jwt", "https://client.example/r.jwt", None),
            ("https://client.example/r?x=1#GkurKxf5", "https://client.example/r?x=1", Some("GkurKxf5")),
            ("http://127.0.0.1:9/r#", "http://127.0.0.1:9/r", Some("")),
            (&format!("https://client.example/r#{longest}"), "https://client.example/r", Some(&longest)),
        ] {
            let uri: RequestObjectUri = text.parse().unwrap();
            assert_eq!((uri.address().as_str(), uri.fragment()), (address, fragment));
            assert_eq!(uri.to_string(), text);
            assert_eq!(serde_json::to_value(&uri).unwrap(), text);
            assert_eq!(serde_json::from_value::<RequestObjectUri>(text.into()).unwrap(), uri);
        }
    }

    #[test]
    fn a_client_that_registers_anything_but_keys_announces_signed_requests() {
        let keys = KeySource::JwksUri("https://client.example/jwks".parse().unwrap());
        let nothing = RequestObjects { keys: Some(keys), ..RequestObjects::default() };
        assert!(!nothing.are_announced() && !RequestObjects::default().are_announced());
        for announced in [
            RequestObjects { required: true, ..nothing.clone() },
            RequestObjects { algorithm: Some(RequestObjectAlgorithm::Es256), ..nothing.clone() },
            RequestObjects { uris: vec!["https://client.example/r".parse().unwrap()], ..nothing.clone() },
        ] {
            assert!(announced.are_announced(), "{announced:?}");
        }
    }

    #[test]
    fn what_is_never_requested_is_refused() {
        let long = format!("https://client.example/r#{}", "x".repeat(513));
        for text in [
            "",
            "#x",
            "r.jwt",
            "http://client.example/r",
            "file:///etc/passwd",
            "urn:example:r",
            "https://me@client.example/r",
            "https://client.example/r#a#b",
            "https://client.example/r#a b",
            &long,
        ] {
            assert!(text.parse::<RequestObjectUri>().is_err(), "{text}");
        }
    }

    #[test]
    fn only_four_asymmetric_algorithms_are_known() {
        for algorithm in RequestObjectAlgorithm::ALL {
            assert_eq!(algorithm.as_str().parse(), Ok(algorithm));
            assert_eq!(serde_json::to_value(algorithm).unwrap(), algorithm.as_str());
        }
        for text in ["none", "HS256", "RS512", "rs256", ""] {
            assert!(text.parse::<RequestObjectAlgorithm>().is_err(), "{text}");
        }
    }
}
