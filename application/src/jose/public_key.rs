//! Verifying a JWT with one public key and its one algorithm (RFC 7515 §5.2, RFC 8725 §3).

use domain::SigningAlgorithm;
use jsonwebtoken::{
    DecodingKey, Validation,
    jwk::{CommonParameters, Jwk, PublicKeyUse},
};
use serde::de::DeserializeOwned;

use super::{
    JoseError, JwtType, algorithm, header_of, install,
    verification::{algorithms_of, checked_key, claims, signature_only},
};

/// A public key, checked when it is made. Its algorithm is fixed, whatever a header says (RFC 8725 §3.1).
#[derive(Clone, Debug)]
pub struct PublicKey {
    algorithm: SigningAlgorithm,
    jwk: Jwk,
    key: DecodingKey,
    validation: Validation,
}

impl PublicKey {
    /// Takes a public key of ours from a JWK (RFC 7517 §4).
    ///
    /// Its algorithm is `alg`, or without one that of its key type: RS256 for RSA, ES256 for P-256, EdDSA for Ed25519.
    ///
    /// # Errors
    /// [`JoseError::InvalidKey`] if it is not for signatures (`use`, `key_ops`), of another type or algorithm, not a
    /// point of its curve, or an RSA key outside 2048 to 8192 bits; [`JoseError::ForeignProvider`].
    pub fn from_jwk(jwk: &Jwk) -> Result<Self, JoseError> {
        install()?;
        let possible = algorithms_of(jwk);
        let algorithm = SigningAlgorithm::ALL
            .into_iter()
            .find(|algorithm| possible.contains(&algorithm::to_library(*algorithm)))
            .ok_or(JoseError::InvalidKey)?;
        let key = checked_key(jwk, algorithm::to_library(algorithm))?;
        let common = CommonParameters {
            public_key_use: Some(PublicKeyUse::Signature),
            key_algorithm: Some(algorithm::to_library(algorithm).into()),
            key_id: jwk.common.key_id.clone(),
            ..CommonParameters::default()
        };
        let jwk = Jwk { common, algorithm: jwk.algorithm.clone() };
        Ok(Self { algorithm, jwk, key, validation: signature_only(algorithm::to_library(algorithm)) })
    }

    /// The key's name; a client's key may have none.
    pub fn kid(&self) -> Option<&str> {
        self.jwk.common.key_id.as_deref()
    }

    /// The one algorithm this key verifies.
    pub fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }

    /// The key as a JWK of `kty`, `use`, `alg`, `kid` and the public members, nothing else.
    pub fn jwk(&self) -> &Jwk {
        &self.jwk
    }

    /// The claims of a JWT of kind `typ` that this key signed.
    ///
    /// Checked are the length, `alg`, `kid` when both sides have one, `typ`, the absence of extensions, and the
    /// signature. **Not** checked are the claims: the caller judges `iss`, `aud`, `exp` and `nbf`.
    ///
    /// # Errors
    /// The first check of [`JoseError`] that fails.
    pub fn verify<C: DeserializeOwned>(&self, jws: &str, typ: JwtType) -> Result<C, JoseError> {
        let header = header_of(jws)?;
        if header.algorithm != self.algorithm {
            return Err(JoseError::WrongAlgorithm);
        }
        if let (Some(named), Some(ours)) = (header.kid.as_deref(), self.kid())
            && named != ours
        {
            return Err(JoseError::WrongKey);
        }
        if !header.typ.as_deref().is_some_and(|given| typ.is(given)) {
            return Err(JoseError::WrongType);
        }
        claims(jws, &self.key, &self.validation)
    }
}
