//! Where a client's public keys come from (RFC 7591 §2): `jwks` or `jwks_uri`, never both.

use serde::{Deserialize, Serialize};

use crate::{ClientKeys, OutboundUri};

/// A client's public keys, or the address where it publishes them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeySource {
    /// By value: they change only with the registration.
    Jwks(ClientKeys),
    /// By reference: the client can change them at any time.
    JwksUri(OutboundUri),
}

impl KeySource {
    /// `jwks`.
    #[must_use]
    pub const fn jwks(&self) -> Option<&ClientKeys> {
        match self {
            Self::Jwks(keys) => Some(keys),
            Self::JwksUri(_) => None,
        }
    }

    /// `jwks_uri`.
    #[must_use]
    pub const fn jwks_uri(&self) -> Option<&OutboundUri> {
        match self {
            Self::Jwks(_) => None,
            Self::JwksUri(uri) => Some(uri),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_registered_by_value_or_by_reference() {
        let set: ClientKeys = r#"{"keys":[{"kty":"OKP"}]}"#.parse().unwrap();
        let uri: OutboundUri = "https://client.example/jwks".parse().unwrap();
        let (by_value, by_reference) = (KeySource::Jwks(set.clone()), KeySource::JwksUri(uri.clone()));
        assert_eq!((by_value.jwks(), by_value.jwks_uri()), (Some(&set), None));
        assert_eq!((by_reference.jwks(), by_reference.jwks_uri()), (None, Some(&uri)));
    }
}
