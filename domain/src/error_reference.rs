//! The public reference of one error: the answer carries it, and the log has the private reason under it.

use std::fmt;
use std::str::FromStr;

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

/// The text is no error reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an error reference has twelve letters, digits, hyphens and underscores")]
pub struct InvalidErrorReference;

impl FromStr for ErrorReference {
    type Err = InvalidErrorReference;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_one =
            text.len() == 12 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
        is_one.then(|| Self(text.to_owned())).ok_or(InvalidErrorReference)
    }
}

impl fmt::Display for ErrorReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_twelve_characters_that_need_no_escaping_in_a_url_of_the_issuer() {
        let reference = ErrorReference::from_random([0xfb, 0xef, 0xbe, 0, 0, 0, 0xff, 0xff, 0xff]);
        assert_eq!((reference.as_str(), reference.to_string().as_str()), ("----AAAA____", "----AAAA____"));
        assert_eq!(reference.as_str().parse(), Ok(reference.clone()));
        for text in ["", "----AAAA___", "----AAAA_____", "----AAAA___!"] {
            assert_eq!(text.parse::<ErrorReference>(), Err(InvalidErrorReference), "{text}");
        }
        let issuer: Issuer = "https://login.example/tenant".parse().unwrap();
        assert_eq!(reference.uri(&issuer), "https://login.example/tenant/errors/----AAAA____");
    }
}
