//! Bearer values: the secret that crosses the wire, and the digest that a store keeps.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A bearer value: a code, a token, a client secret or a cookie. Its holder is authenticated by it.
///
/// It is wiped from memory when dropped, `Debug` does not show it, and
/// [`expose`](Self::expose) is the only way to read it.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a text that came over the wire.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// 256 random bits as 43 base64url characters (RFC 6749 §10.10 asks for at least 128).
    #[must_use]
    pub fn from_random(bytes: [u8; 32]) -> Self {
        Self::new(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The text itself, for the wire.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The digest that a store keeps in place of the secret.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(self.0.as_bytes())
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// The SHA-256 digest of a 256-bit random secret: a store can recognise the secret, an attacker cannot recover it.
///
/// Equality takes constant time.
#[derive(Clone, Copy, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Digest([u8; 32]);

/// A text that is not the base64url form of 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a SHA-256 digest in base64url")]
pub struct InvalidDigest;

impl Digest {
    /// The digest of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest of several parts, each preceded by its length, so that no two lists collide.
    #[must_use]
    pub fn of_parts(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
        Self(hasher.finalize().into())
    }

    /// The 32 bytes, for stores.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The 43 base64url characters, for stores and form tokens.
    #[must_use]
    pub fn to_base64url(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }
}

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl std::hash::Hash for Digest {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[digest]")
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_base64url()
    }
}

impl TryFrom<String> for Digest {
    type Error = InvalidDigest;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidDigest)?;
        bytes.try_into().map(Self).map_err(|_| InvalidDigest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_neither_secret_nor_digest() {
        let secret = Secret::from("hunter2");
        assert_eq!(format!("{secret:?} {:?}", secret.digest()), "[redacted] [digest]");
    }

    #[test]
    fn parts_do_not_collide_when_their_border_moves() {
        assert_ne!(Digest::of_parts(&[b"ab", b"c"]), Digest::of_parts(&[b"a", b"bc"]));
    }

    #[test]
    fn a_digest_survives_its_text_form() {
        let digest = Digest::of(b"x");
        assert_eq!(Digest::try_from(String::from(digest)), Ok(digest));
        assert_eq!(Digest::try_from(digest.to_base64url()), Ok(digest));
        for text in ["short", "", &format!("{}=", digest.to_base64url())] {
            assert_eq!(Digest::try_from(text.to_owned()), Err(InvalidDigest), "{text}");
        }
    }

    #[test]
    fn a_secret_of_256_bits_is_43_characters_and_its_digest_is_sha_256() {
        assert_eq!(Secret::from_random([0xff; 32]).expose(), format!("{}8", "_".repeat(42)));
        // FIPS 180-4: the digest of "abc".
        let digest = Secret::from("abc").digest();
        assert_eq!(digest.to_base64url(), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
        assert_eq!((digest.as_bytes()[0], digest.as_bytes()[31]), (0xba, 0xad));
        assert_eq!(serde_json::to_value(digest).unwrap(), digest.to_base64url());
    }

    #[test]
    fn digests_are_equal_only_to_themselves_and_spread_over_a_map() {
        use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
        let (one, other) = (Digest::of(b"one"), Digest::of(b"other"));
        assert!(one == Digest::of(b"one") && one != other);
        let hasher = BuildHasherDefault::<DefaultHasher>::default();
        assert_eq!(hasher.hash_one(one), hasher.hash_one(Digest::of(b"one")));
        assert_ne!(hasher.hash_one(one), hasher.hash_one(other));
    }
}
