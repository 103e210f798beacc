//! The text form of opaque tokens: a recognisable prefix, 256 random bits, a checksum.
//!
//! The prefix lets secret scanners find a leaked token (RFC 6750 §5.3 asks to
//! guard them); the checksum lets the server refuse a malformed token without a store look-up.

use sha2::{Digest as _, Sha256};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::Secret;

/// The kinds of opaque tokens; each has its own prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BearerKind {
    /// An opaque access token (RFC 6749 §1.4).
    AccessToken,
    /// A refresh token (RFC 6749 §1.5).
    RefreshToken,
    /// An initial access token (RFC 7591 §3).
    InitialAccessToken,
    /// A registration access token (RFC 7592 §3).
    RegistrationAccessToken,
}

/// The text is not an opaque token of the expected kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an opaque token of this kind")]
pub struct Malformed;

const RANDOM_CHARACTERS: usize = 43;
const CHECKSUM_BYTES: usize = 3;
const CHECKSUM_CHARACTERS: usize = 4;

impl BearerKind {
    const fn prefix(self) -> &'static str {
        match self {
            Self::AccessToken => "oaat_",
            Self::RefreshToken => "oart_",
            Self::InitialAccessToken => "oaiat_",
            Self::RegistrationAccessToken => "oarat_",
        }
    }

    fn checksum(self, random: &str) -> String {
        let digest = Sha256::new().chain_update(self.prefix()).chain_update(random).finalize();
        URL_SAFE_NO_PAD.encode(&digest[..CHECKSUM_BYTES])
    }

    /// Writes 256 random bits as a token of this kind.
    #[must_use]
    pub fn token(self, bytes: [u8; 32]) -> Secret {
        let random = URL_SAFE_NO_PAD.encode(bytes);
        let checksum = self.checksum(&random);
        Secret::new(format!("{}{random}{checksum}", self.prefix()))
    }

    /// Whether `text` begins with the prefix of this kind.
    #[must_use]
    pub fn recognises(self, text: &str) -> bool {
        text.starts_with(self.prefix())
    }

    /// Parses a token that a client presented.
    ///
    /// # Errors
    /// [`Malformed`] when the prefix, the length or the checksum is wrong: this server never issued it.
    pub fn parse(self, text: &str) -> Result<Secret, Malformed> {
        let body = text.strip_prefix(self.prefix()).ok_or(Malformed)?;
        if body.len() != RANDOM_CHARACTERS + CHECKSUM_CHARACTERS || !body.is_ascii() {
            return Err(Malformed);
        }
        let (random, checksum) = body.split_at(RANDOM_CHARACTERS);
        // The checksum is not secret, so this comparison need not take constant time.
        if self.checksum(random) == checksum { Ok(Secret::from(text)) } else { Err(Malformed) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_token_of_one_kind_is_none_of_another() {
        let token = BearerKind::AccessToken.token([7; 32]);
        assert!(BearerKind::AccessToken.parse(token.expose()).is_ok());
        assert!(!BearerKind::RefreshToken.recognises(token.expose()));
        // Not even under the other's prefix: the checksum covers it.
        let disguised = token.expose().replace("oaat_", "oart_");
        assert_eq!(BearerKind::RefreshToken.parse(&disguised).map(drop), Err(Malformed));
    }

    #[test]
    fn secret_scanners_find_a_token_of_each_kind_by_its_prefix() {
        let kinds = [
            (BearerKind::AccessToken, "oaat_"),
            (BearerKind::RefreshToken, "oart_"),
            (BearerKind::InitialAccessToken, "oaiat_"),
            (BearerKind::RegistrationAccessToken, "oarat_"),
        ];
        for (kind, prefix) in kinds {
            let token = kind.token([7; 32]);
            assert_eq!(token.expose().len(), prefix.len() + 47, "256 bits and a checksum of 24");
            assert!(token.expose().starts_with(prefix), "{kind:?}");
            for (other, _) in kinds {
                assert_eq!(other.recognises(token.expose()), other == kind, "{other:?} {kind:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn every_token_written_is_read_back(bytes: [u8; 32]) {
            let token = BearerKind::RefreshToken.token(bytes);
            let read = BearerKind::RefreshToken.parse(token.expose()).unwrap();
            prop_assert_eq!(read.expose(), token.expose());
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in ".*") {
            let _ = BearerKind::RefreshToken.parse(&text);
            let _ = BearerKind::RefreshToken.parse(&format!("oart_{text}"));
        }

        #[test]
        fn one_changed_character_is_noticed(bytes: [u8; 32], at in 5usize..52) {
            let token = BearerKind::RefreshToken.token(bytes).expose().to_owned();
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            // 24 bits of checksum: a collision is possible, but not in a test's lifetime.
            prop_assert!(BearerKind::RefreshToken.parse(&changed).is_err());
        }
    }
}
