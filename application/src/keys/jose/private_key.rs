//! A private signing key: parsed once, with its thumbprint as its id (RFC 7515, RFC 7638).

use std::{fmt, sync::Arc};

use domain::SigningAlgorithm;
use jsonwebtoken::{Header, jwk::Jwk};
use serde::Serialize;
use zeroize::Zeroizing;

use super::{
    JoseError, JwtType, PublicKey, algorithm, install, key_pair::KeyPair, provider, thumbprint::thumbprint,
};

/// A private key and the public key that belongs to it.
pub struct PrivateKey {
    pair: Arc<KeyPair>,
    public: PublicKey,
    kid: String,
}

impl PrivateKey {
    /// Makes a new key and returns it as PKCS#8 (RFC 5958), unencrypted: seal it before it is stored. RSA keys have
    /// 2048 bits.
    ///
    /// # Errors
    /// [`JoseError::InvalidKey`] if the library cannot make one.
    pub fn generate(algorithm: SigningAlgorithm) -> Result<Zeroizing<Vec<u8>>, JoseError> {
        KeyPair::generate(algorithm)
    }

    /// Parses and checks a PKCS#8 key. Its `kid` is its RFC 7638 SHA-256 thumbprint.
    ///
    /// # Errors
    /// [`JoseError::InvalidKey`] if it is not a sound key for `algorithm`; [`JoseError::ForeignProvider`].
    pub fn from_pkcs8(algorithm: SigningAlgorithm, der: &[u8]) -> Result<Self, JoseError> {
        install()?;
        let pair = KeyPair::from_pkcs8(algorithm, der)?;
        let mut jwk = Jwk::from_decoding_key(&pair.public(), Some(algorithm::to_library(algorithm)))
            .map_err(|_| JoseError::InvalidKey)?;
        let kid = thumbprint(&jwk)?;
        jwk.common.key_id = Some(kid.clone());
        Ok(Self { pair: Arc::new(pair), public: PublicKey::from_jwk(&jwk)?, kid })
    }

    /// The id of the key in headers and in the published set.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The one algorithm this key signs with.
    pub fn algorithm(&self) -> SigningAlgorithm {
        self.public.algorithm()
    }

    /// The public key.
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// The public key as a JWK with `kty`, `use`, `alg`, `kid` and the public members, nothing else (RFC 7517 §4).
    pub fn public_jwk(&self) -> &Jwk {
        self.public.jwk()
    }

    /// Signs the claims as a JWT of type `typ`: a compact JWS whose header is `alg`, `kid` and `typ` (RFC 7519 §7.1).
    ///
    /// # Errors
    /// [`JoseError::SigningFailed`] if the claims are not serializable as JSON, or the library fails.
    pub fn sign<C: Serialize>(&self, typ: JwtType, claims: &C) -> Result<String, JoseError> {
        let mut header = Header::new(algorithm::to_library(self.algorithm()));
        header.typ = Some(typ.as_str().to_owned());
        header.kid = Some(self.kid.clone());
        provider::sign(&self.pair, &header, claims)
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PrivateKey")
            .field("algorithm", &self.algorithm())
            .field("kid", &self.kid)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_key_leaves_nothing_behind() {
        let der = PrivateKey::generate(SigningAlgorithm::Es256).unwrap();
        let key = PrivateKey::from_pkcs8(SigningAlgorithm::Es256, &der).unwrap();
        key.sign(JwtType::IdToken, &serde_json::json!({ "sub": "alice" })).unwrap();
        let pair = Arc::downgrade(&key.pair);
        drop(key);
        assert!(pair.upgrade().is_none());
    }

    #[test]
    fn a_signature_that_failed_leaves_no_key_for_the_next_one() {
        let der = PrivateKey::generate(SigningAlgorithm::EdDsa).unwrap();
        let key = PrivateKey::from_pkcs8(SigningAlgorithm::EdDsa, &der).unwrap();
        let keys_of_bytes = std::collections::BTreeMap::from([(vec![0u8], 1)]);
        assert_eq!(key.sign(JwtType::IdToken, &keys_of_bytes), Err(JoseError::SigningFailed));
        assert_eq!(Arc::strong_count(&key.pair), 1);
    }

    #[test]
    fn a_key_of_another_algorithm_is_refused() {
        for made in SigningAlgorithm::ALL {
            let der = PrivateKey::generate(made).unwrap();
            for read in SigningAlgorithm::ALL {
                let parsed = PrivateKey::from_pkcs8(read, &der);
                assert_eq!(parsed.err(), (made != read).then_some(JoseError::InvalidKey), "{made} as {read}");
            }
        }
    }

    #[test]
    fn debug_shows_only_the_name() {
        let der = PrivateKey::generate(SigningAlgorithm::EdDsa).unwrap();
        let key = PrivateKey::from_pkcs8(SigningAlgorithm::EdDsa, &der).unwrap();
        assert_eq!(format!("{key:?}"), format!("PrivateKey {{ algorithm: EdDsa, kid: {:?} }}", key.kid()));
    }
}
