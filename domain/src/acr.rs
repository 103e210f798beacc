//! How a user was authenticated: `acr` and `amr` (OpenID Connect Core §2, RFC 8176).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The authentication context of a password login, as published in `acr_values_supported`.
pub const PASSWORD: &str = "urn:oauth2-server:acr:password";

/// Every authentication context there is.
pub const SUPPORTED: [&str; 1] = [PASSWORD];

/// The authentication method reference of a password (RFC 8176 §2).
pub const AMR_PASSWORD: &str = "pwd";

/// Longer ones name nothing.
const LONGEST: usize = 256;

/// The name of an authentication context: an Authentication Context Class Reference, to be compared exactly.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AuthenticationContext(String);

/// Why a text names no authentication context.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to {LONGEST} printable ASCII characters without spaces, quotation marks and backslashes")]
pub struct InvalidAuthenticationContext;

impl AuthenticationContext {
    /// The name as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AuthenticationContext {
    type Err = InvalidAuthenticationContext;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
        if text.is_empty() || text.len() > LONGEST || !text.bytes().all(plain) {
            return Err(InvalidAuthenticationContext);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for AuthenticationContext {
    type Error = InvalidAuthenticationContext;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<AuthenticationContext> for String {
    fn from(context: AuthenticationContext) -> Self {
        context.0
    }
}

impl fmt::Display for AuthenticationContext {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_context_is_a_word_as_it_could_stand_in_acr_values() {
        let longest = "x".repeat(LONGEST);
        for text in ["1", "urn:mace:incommon:iap:silver", "https://loa.example/2?x=~", &longest] {
            assert_eq!(text.parse::<AuthenticationContext>().unwrap().as_str(), text);
        }
        let too_long = format!("{longest}x");
        for text in ["", " ", "a b", "a\"b", "a\\b", "ä", "a\n", &too_long] {
            assert_eq!(text.parse::<AuthenticationContext>(), Err(InvalidAuthenticationContext), "{text:?}");
        }
    }
}
