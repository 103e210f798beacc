//! Lets `jsonwebtoken` sign with keys that are parsed already.
//!
//! Its own provider parses and checks an RSA key again for every signature, which costs more than the signature. A
//! provider's signer factory is a plain function that sees only the bytes of an `EncodingKey`, so the parsed key
//! takes another way: it lies in a slot of this thread from just before the call until the factory, inside that call
//! and on the same thread, takes it. No lock is shared, nothing outlives its key, and the private key's bytes are
//! not kept beside it.

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

/// Installs our provider for the whole process; every later call only says how the first one went. Keys call it
/// themselves; a process that uses `jsonwebtoken` on its own account calls it first.
///
/// # Errors
/// [`JoseError::ForeignProvider`] if `jsonwebtoken` was used, and so chose a provider, before.
pub fn install() -> Result<(), JoseError> {
    if *INSTALLED { Ok(()) } else { Err(JoseError::ForeignProvider) }
}

/// A compact JWS of the claims, signed with `pair` (RFC 7515 §7.1).
pub(super) fn sign<C: Serialize>(
    pair: &Arc<KeyPair>,
    header: &Header,
    claims: &C,
) -> Result<String, JoseError> {
    // Without content: should this ever reach another factory, there is nothing to sign with.
    let stand_in = match header.alg.family() {
        AlgorithmFamily::Rsa => EncodingKey::from_rsa_der(&[]),
        AlgorithmFamily::Ec => EncodingKey::from_ec_der(&[]),
        AlgorithmFamily::Ed => EncodingKey::from_ed_der(&[]),
        AlgorithmFamily::Hmac => return Err(JoseError::WrongAlgorithm),
    };
    SIGNING_WITH.set(Some(Arc::clone(pair)));
    let jws = encode(header, claims, &stand_in);
    // Normally empty by now; an error before the factory was asked must not leave the key for the next caller.
    SIGNING_WITH.set(None);
    jws.map_err(|_| JoseError::SigningFailed)
}

/// The parsed key of the signature that is being made on this thread; for anybody else's, the library's own signer.
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
    /// The library refuses to sign when this is not the header's `alg`.
    fn algorithm(&self) -> Algorithm {
        algorithm::to_library(self.0.algorithm())
    }
}
