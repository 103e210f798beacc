//! The text form of opaque tokens: a recognisable prefix, 256 random bits, a checksum.
//!
//! The prefix lets secret scanners find a leaked token (RFC 6750 §5.3 asks to
//! guard them); the checksum lets us refuse garbage without asking a store.

use sha2::{Digest as _, Sha256};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::Secret;

/// What an opaque token is for; it decides the prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BearerKind {
    /// A refresh token (RFC 6749 §1.5).
    RefreshToken,
    /// An initial access token (RFC 7591 §3).
    InitialAccessToken,
    /// A registration access token (RFC 7592 §3).
    RegistrationAccessToken,
}

/// The text is no opaque token of that kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an opaque token of this kind")]
pub struct Malformed;

const RANDOM_CHARACTERS: usize = 43;
const CHECKSUM_BYTES: usize = 3;
const CHECKSUM_CHARACTERS: usize = 4;

impl BearerKind {
    const fn prefix(self) -> &'static str {
        match self {
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

    /// Whether `text` has this kind's prefix, whatever follows.
    #[must_use]
    pub fn recognises(self, text: &str) -> bool {
        text.starts_with(self.prefix())
    }

    /// Reads a token that was presented.
    ///
    /// # Errors
    /// [`Malformed`] when prefix, length or checksum is wrong: it was never issued.
    pub fn parse(self, text: &str) -> Result<Secret, Malformed> {
        let body = text.strip_prefix(self.prefix()).ok_or(Malformed)?;
        if body.len() != RANDOM_CHARACTERS + CHECKSUM_CHARACTERS || !body.is_ascii() {
            return Err(Malformed);
        }
        let (random, checksum) = body.split_at(RANDOM_CHARACTERS);
        // A checksum is no secret: nothing is learned from how long this takes.
        if self.checksum(random) == checksum { Ok(Secret::from(text)) } else { Err(Malformed) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
