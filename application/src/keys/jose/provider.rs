//! Lets `jsonwebtoken` sign with keys that are parsed already.
//!
//! The provider of the library parses and checks an RSA key again for every signature, which costs more than the
//! signature. A provider's signer factory is a plain function that gets only the bytes of an `EncodingKey`. So the parsed
//! key is passed in a thread-local variable: it is set just before the call, and the factory takes it inside that call, on
//! the same thread. No lock is needed, and the bytes of the private key are not kept.

use std::{
    cell::Cell,
    sync::{Arc, LazyLock},
};

use jsonwebtoken::{
    Algorithm, AlgorithmFamily, EncodingKey, Header,
    crypto::{CryptoProvider, JwtSigner, aws_lc},
    encode, errors, signature,
};
use serde::Serialize;

use super::{JoseError, algorithm, key_pair::KeyPair};

thread_local! {
    static SIGNING_WITH: Cell<Option<Arc<KeyPair>>> = const { Cell::new(None) };
}

static PROVIDER: LazyLock<CryptoProvider> =
    LazyLock::new(|| CryptoProvider { signer_factory: signer, ..aws_lc::DEFAULT_PROVIDER.clone() });

static INSTALLED: LazyLock<bool> = LazyLock::new(|| PROVIDER.install_default().is_ok());

/// Installs the provider for the whole process. Later calls return the result of the first one. Making a key calls this; a
/// process that uses `jsonwebtoken` directly must call it first.
///
/// # Errors
/// [`JoseError::ForeignProvider`] if `jsonwebtoken` was used before, which installs a provider.
pub fn install() -> Result<(), JoseError> {
    if *INSTALLED { Ok(()) } else { Err(JoseError::ForeignProvider) }
}

/// A compact JWS of the claims, signed with `pair` (RFC 7515 §7.1).
pub(super) fn sign<C: Serialize>(
    pair: &Arc<KeyPair>,
    header: &Header,
    claims: &C,
) -> Result<String, JoseError> {
    // An empty key: if another factory ever gets it, it cannot sign.
    let empty_key = match header.alg.family() {
        AlgorithmFamily::Rsa => EncodingKey::from_rsa_der(&[]),
        AlgorithmFamily::Ec => EncodingKey::from_ec_der(&[]),
        AlgorithmFamily::Ed => EncodingKey::from_ed_der(&[]),
        AlgorithmFamily::Hmac => return Err(JoseError::WrongAlgorithm),
    };
    SIGNING_WITH.set(Some(Arc::clone(pair)));
    let jws = encode(header, claims, &empty_key);
    // The factory has taken the key. If an error came before, the key must not stay for the next caller.
    SIGNING_WITH.set(None);
    jws.map_err(|_| JoseError::SigningFailed)
}

/// The signer with the parsed key that this thread has set; the library's own signer for other users of the library.
fn signer(algorithm: &Algorithm, key: &EncodingKey) -> errors::Result<Box<dyn JwtSigner>> {
    match SIGNING_WITH.take() {
        Some(pair) => Ok(Box::new(ParsedSigner(pair))),
        None => (aws_lc::DEFAULT_PROVIDER.signer_factory)(algorithm, key),
    }
}

struct ParsedSigner(Arc<KeyPair>);

impl signature::Signer<Vec<u8>> for ParsedSigner {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        self.0.sign(message)
    }
}

impl JwtSigner for ParsedSigner {
    /// The library refuses to sign if this is not the `alg` of the header.
    fn algorithm(&self) -> Algorithm {
        algorithm::to_library(self.0.algorithm())
    }
}
