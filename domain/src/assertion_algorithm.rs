//! The algorithms that clients sign their assertions with (RFC 7591 §2, `token_endpoint_auth_signing_alg`; RFC 7518 §3.1).

use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

/// One of [`ALL`](Self::ALL): always asymmetric, never `none` (RFC 8725 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssertionAlgorithm(&'static str);

/// The text names no such algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an asymmetric algorithm: RS256 to RS512, PS256 to PS512, ES256, ES384 or EdDSA")]
pub struct UnknownAssertionAlgorithm;

impl AssertionAlgorithm {
    /// Every algorithm.
    pub const ALL: [&str; 9] =
        ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"];

    /// The value of `alg`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl FromStr for AssertionAlgorithm {
    type Err = UnknownAssertionAlgorithm;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|known| *known == text).map(Self).ok_or(UnknownAssertionAlgorithm)
    }
}

impl Serialize for AssertionAlgorithm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for AssertionAlgorithm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_asymmetric_algorithms_are_known_by_their_names_in_rfc_7518() {
        for name in AssertionAlgorithm::ALL {
            let algorithm: AssertionAlgorithm = name.parse().unwrap();
            assert_eq!(algorithm.as_str(), name);
            assert_eq!(serde_json::to_value(algorithm).unwrap(), name);
            assert_eq!(serde_json::from_value::<AssertionAlgorithm>(name.into()).unwrap(), algorithm);
        }
        for text in ["none", "HS256", "ES512", "rs256", ""] {
            assert_eq!(text.parse::<AssertionAlgorithm>(), Err(UnknownAssertionAlgorithm), "{text}");
            assert!(serde_json::from_value::<AssertionAlgorithm>(text.into()).is_err(), "{text}");
        }
    }
}
