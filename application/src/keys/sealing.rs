//! Encryption of secrets that a store keeps and the server reads again: AES-256-GCM (NIST SP 800-38D), with keys derived by
//! HKDF (RFC 5869).

use std::fmt;

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hkdf::{HKDF_SHA256, Salt},
};
use thiserror::Error;
use zeroize::Zeroizing;

/// The first byte of everything sealed, so that another algorithm can follow. The format is version, nonce, ciphertext, tag.
const VERSION: u8 = 1;

/// A key that seals. Without it, sealed bytes can be neither read nor made.
pub struct SealingKey {
    key: RandomizedNonceKey,
    secret: Zeroizing<[u8; 32]>,
}

impl SealingKey {
    /// A key of 256 uniformly random bits. The nonces are random, so one key is for fewer than 2^32 values
    /// (NIST SP 800-38D §8.3).
    ///
    /// # Errors
    /// [`SealError::Failed`] if the library refuses.
    pub fn new(key: [u8; 32]) -> Result<Self, SealError> {
        Self::from_bytes(&Zeroizing::new(key))
    }

    /// A key for one purpose, named by `info`, from secret input of at least 256 bits of entropy: HKDF-SHA256
    /// (RFC 5869). A password does not have that much entropy.
    ///
    /// # Errors
    /// [`SealError::Failed`] if the library refuses.
    pub fn derive(input: &[u8], info: &str) -> Result<Self, SealError> {
        Self::expanded(&[], input, info)
    }

    fn from_bytes(key: &[u8; 32]) -> Result<Self, SealError> {
        let secret = Zeroizing::new(*key);
        let key = RandomizedNonceKey::new(&AES_256_GCM, key).map_err(|_| SealError::Failed)?;
        Ok(Self { key, secret })
    }

    /// A key for one message among any number of messages, which has this `salt`: at least 128 random bits. `info` names the
    /// purpose.
    ///
    /// # Errors
    /// [`SealError::Failed`] if the library refuses.
    pub fn for_message(&self, info: &str, salt: &[u8]) -> Result<Self, SealError> {
        Self::expanded(salt, self.secret.as_slice(), info)
    }

    fn expanded(salt: &[u8], input: &[u8], info: &str) -> Result<Self, SealError> {
        let mut key = Zeroizing::new([0; 32]);
        Salt::new(HKDF_SHA256, salt)
            .extract(input)
            .expand(&[info.as_bytes()], HKDF_SHA256)
            .and_then(|output| output.fill(key.as_mut_slice()))
            .map_err(|_| SealError::Failed)?;
        Self::from_bytes(&key)
    }

    /// Seals `plaintext` for the place that `context` describes, for example a table and a row. It opens with no other
    /// context.
    ///
    /// # Errors
    /// [`SealError::Failed`] if the library has no randomness.
    pub fn seal(&self, context: &str, plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut ciphertext = plaintext.to_vec();
        let nonce = self
            .key
            .seal_in_place_append_tag(Aad::from(context.as_bytes()), &mut ciphertext)
            .map_err(|_| SealError::Failed)?;
        Ok([&[VERSION], nonce.as_ref().as_slice(), &ciphertext].concat())
    }

    /// Opens what [`Self::seal`] made with this key and the same `context`.
    ///
    /// # Errors
    /// [`SealError::UnknownVersion`]; [`SealError::NotAuthentic`] for another key or context, or changed bytes.
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (version, sealed) = sealed.split_first().ok_or(SealError::NotAuthentic)?;
        if *version != VERSION {
            return Err(SealError::UnknownVersion);
        }
        let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(SealError::NotAuthentic)?;
        let mut buffer = Zeroizing::new(ciphertext.to_vec());
        let length = self
            .key
            .open_in_place(Nonce::from(nonce), Aad::from(context.as_bytes()), &mut buffer)
            .map_err(|_| SealError::NotAuthentic)?
            .len();
        buffer.truncate(length);
        Ok(buffer)
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SealingKey([redacted])")
    }
}

/// Why sealing or opening failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SealError {
    /// The first byte is an unknown version.
    #[error("sealed with an unknown version")]
    UnknownVersion,
    /// Another key, another context, or changed bytes.
    #[error("not sealed with this key for this context")]
    NotAuthentic,
    /// The cryptographic library refused.
    #[error("the cryptographic library failed")]
    Failed,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key() -> SealingKey {
        SealingKey::new([7; 32]).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_again() {
        let sealed = key().seal("signing_keys/1", b"secret").unwrap();
        assert_eq!(key().open("signing_keys/1", &sealed).unwrap().as_slice(), b"secret");
    }

    #[test]
    fn nothing_can_be_sealed_too() {
        let sealed = key().seal("", b"").unwrap();
        assert_eq!(key().open("", &sealed).unwrap().as_slice(), b"");
    }

    #[test]
    fn another_context_is_refused() {
        let sealed = key().seal("signing_keys/1", b"secret").unwrap();
        assert_eq!(key().open("signing_keys/2", &sealed), Err(SealError::NotAuthentic));
    }

    #[test]
    fn another_key_is_refused() {
        let sealed = key().seal("place", b"secret").unwrap();
        assert_eq!(SealingKey::new([8; 32]).unwrap().open("place", &sealed), Err(SealError::NotAuthentic));
    }

    #[test]
    fn one_secret_gives_a_different_key_for_each_purpose() {
        let sealed = SealingKey::derive(&[7; 32], "signing keys").unwrap().seal("place", b"secret").unwrap();
        let again = SealingKey::derive(&[7; 32], "signing keys").unwrap();
        let other = SealingKey::derive(&[7; 32], "successors").unwrap();
        assert_eq!(again.open("place", &sealed).unwrap().as_slice(), b"secret");
        assert_eq!(other.open("place", &sealed), Err(SealError::NotAuthentic));
    }

    #[test]
    fn every_changed_byte_and_every_missing_one_is_noticed() {
        let sealed = key().seal("place", b"secret").unwrap();
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert!(key().open("place", &changed).is_err(), "byte {index}");
            assert!(key().open("place", &sealed[..index]).is_err(), "cut at {index}");
        }
    }

    #[test]
    fn one_plaintext_is_never_sealed_the_same_way_twice() {
        assert_ne!(key().seal("place", b"secret").unwrap(), key().seal("place", b"secret").unwrap());
    }

    #[test]
    fn debug_shows_no_key() {
        assert_eq!(format!("{:?}", key()), "SealingKey([redacted])");
    }

    proptest! {
        #[test]
        fn random_bytes_never_open(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            prop_assert!(key().open("place", &bytes).is_err());
        }
    }
}
