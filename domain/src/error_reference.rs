//! The public reference of one error: the answer carries it, and the log has the private reason under it.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::Issuer;

/// A reference of 72 random bits, in base64url. It says nothing about the error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ErrorReference(String);

impl ErrorReference {
    /// A reference of these random bytes.
    #[must_use]
    pub fn from_random(bytes: [u8; 9]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `error_uri`: the page that says what to do with it (RFC 6749 §4.1.2.1, §5.2).
    #[must_use]
    pub fn uri(&self, issuer: &Issuer) -> String {
        issuer.endpoint(&format!("/errors/{self}"))
    }
}

impl fmt::Display for ErrorReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
