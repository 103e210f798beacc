//! The key that encrypts the signing keys in the database (AES-256-GCM).

use application::keys::sealing::{SealError, SealingKey};
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use crate::system::random_bytes;

/// Padding is optional: `openssl rand -base64 32` writes it, most other tools do not.
const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_encode_padding(false);
const BASE64: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, CONFIG);
const BASE64URL: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, CONFIG);

/// 32 secret bytes. They are wiped from memory when dropped, and `Debug` does not show them.
#[derive(Clone, PartialEq, Eq)]
pub struct EncryptionKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for EncryptionKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("[redacted]")
    }
}

/// The text is not 32 bytes in base64 or base64url. The message does not repeat the text: it may be a key.
#[derive(Debug, thiserror::Error)]
#[error("is not 32 bytes in base64 or base64url; make one with `openssl rand -base64 32`")]
pub struct InvalidEncryptionKey;

impl EncryptionKey {
    /// Reads a key from base64 or base64url, padded or not.
    ///
    /// # Errors
    /// [`InvalidEncryptionKey`] if `text` is anything else, or not exactly 32 bytes long.
    pub fn parse(text: &str) -> Result<Self, InvalidEncryptionKey> {
        let engine = if text.contains(['-', '_']) { BASE64URL } else { BASE64 };
        let decoded = Zeroizing::new(engine.decode(text).map_err(|_reason| InvalidEncryptionKey)?);
        let mut bytes = Zeroizing::new([0; 32]);
        if decoded.len() != bytes.len() {
            return Err(InvalidEncryptionKey);
        }
        bytes.copy_from_slice(&decoded);
        Ok(Self(bytes))
    }

    /// A new random key.
    pub(crate) fn generate() -> Self {
        Self(Zeroizing::new(random_bytes()))
    }

    /// The key in base64url, for the key file only.
    pub(crate) fn expose(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64URL.encode(&self.0[..]))
    }

    /// The cipher of this key.
    ///
    /// # Errors
    /// [`SealError::Failed`] if the library refuses.
    pub fn sealing_key(&self) -> Result<SealingKey, SealError> {
        SealingKey::new(*self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_in_every_usual_spelling() {
        let key = "-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s";
        for text in [
            "+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s=",
            "+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s",
            "-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s=",
            "-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s",
        ] {
            assert_eq!(EncryptionKey::parse(text).unwrap().expose().as_str(), key, "{text}");
        }
    }

    #[test]
    fn anything_but_32_bytes_is_not_a_key() {
        for text in ["", "hunter2", "AAAA", "not base64!", &"A".repeat(42), &"A".repeat(44), &"0f".repeat(32)]
        {
            assert!(EncryptionKey::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_key_does_not_show_itself() {
        assert_eq!(format!("{:?}", EncryptionKey::generate()), "[redacted]");
    }
}
