//! Proof Key for Code Exchange (RFC 7636), S256 only.

use std::str::FromStr;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::{Digest, Secret};

/// The only supported method: `plain` does not protect the code (RFC 9700 §2.1.1).
pub const S256: &str = "S256";

/// Which clients may leave PKCE out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PkcePolicy {
    /// Those that an operator exempts one by one. A public client never may (RFC 9700 §2.1.1).
    #[default]
    PerClient,
    /// None: no client can be exempted, and an earlier exemption does not count (OAuth 2.1 §7.5).
    Required,
}

/// `code_challenge` of method S256: the SHA-256 digest of the verifier (RFC 7636 §4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CodeChallenge(Digest);

/// `code_verifier`: 43 to 128 unreserved characters (RFC 7636 §4.1).
#[derive(Debug, Clone)]
pub struct CodeVerifier(Secret);

/// Why a challenge or verifier is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPkce {
    /// Not the base64url form of 32 bytes.
    #[error("code_challenge must be the base64url form, without padding, of a SHA-256 digest")]
    Challenge,
    /// Wrong length or characters.
    #[error("code_verifier must have 43 to 128 characters of A-Z a-z 0-9 - . _ ~")]
    Verifier,
}

impl CodeChallenge {
    /// Whether `verifier` matches this challenge, in constant time (RFC 7636 §4.6).
    #[must_use]
    pub fn is_answered_by(&self, verifier: &CodeVerifier) -> bool {
        self.0 == verifier.0.digest()
    }
}

impl FromStr for CodeChallenge {
    type Err = InvalidPkce;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Digest::try_from(text.to_owned()).map(Self).map_err(|_| InvalidPkce::Challenge)
    }
}

impl CodeVerifier {
    /// The challenge of this verifier.
    #[must_use]
    pub fn challenge(&self) -> CodeChallenge {
        CodeChallenge(self.0.digest())
    }

    /// A verifier of 256 random bits, for clients.
    #[must_use]
    pub fn from_random(bytes: [u8; 32]) -> Self {
        Self(Secret::new(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The text for the wire.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl FromStr for CodeVerifier {
    type Err = InvalidPkce;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if (43..=128).contains(&text.len()) && text.bytes().all(unreserved) {
            Ok(Self(Secret::from(text)))
        } else {
            Err(InvalidPkce::Verifier)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_example_of_rfc_7636_appendix_b_holds() {
        let verifier: CodeVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".parse().unwrap();
        let challenge: CodeChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".parse().unwrap();
        assert!(challenge.is_answered_by(&verifier));
    }

    #[test]
    fn a_challenge_of_another_length_or_alphabet_is_refused() {
        let right = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        for text in
            ["", "abc", &right[1..], &format!("{right}="), &right.replace('-', "+"), &format!("{right}A")]
        {
            assert_eq!(text.parse::<CodeChallenge>(), Err(InvalidPkce::Challenge), "{text:?}");
        }
    }

    #[test]
    fn a_verifier_is_of_unreserved_characters_only() {
        for other in ["+", "/", "=", " ", "ä", "\n"] {
            let text = format!("{}{other}", "a".repeat(43));
            assert_eq!(text.parse::<CodeVerifier>().map(drop), Err(InvalidPkce::Verifier), "{text:?}");
        }
        let drawn = CodeVerifier::from_random([0xfb; 32]);
        assert_eq!(drawn.expose(), "-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s");
        assert!(drawn.challenge().is_answered_by(&drawn.expose().parse().unwrap()));
    }

    proptest! {
        #[test]
        fn a_challenge_is_answered_by_its_own_verifier_only(a in "[A-Za-z0-9._~-]{43,128}", b in "[A-Za-z0-9._~-]{43,128}") {
            let (first, second): (CodeVerifier, CodeVerifier) = (a.parse().unwrap(), b.parse().unwrap());
            prop_assert!(first.challenge().is_answered_by(&first));
            prop_assert_eq!(first.challenge().is_answered_by(&second), a == b);
        }

        #[test]
        fn a_verifier_of_wrong_length_is_refused(text in "[a-z]{0,42}|[a-z]{129,140}") {
            prop_assert!(text.parse::<CodeVerifier>().is_err());
        }
    }
}
