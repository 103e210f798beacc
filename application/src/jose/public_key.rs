//! Verifying a JWT with one public key and its one algorithm (RFC 7515 §5.2, RFC 8725 §3).

use std::ops::RangeInclusive;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
};
use domain::SigningAlgorithm;
use jsonwebtoken::{
    DecodingKey, DecodingKeyKind, Validation, decode,
    errors::ErrorKind,
    jwk::{
        AlgorithmParameters, CommonParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse,
    },
};
use serde::de::DeserializeOwned;

use super::{JoseError, JwtType, UnverifiedHeader, algorithm, header_of, install, jwt_type::same_media_type};

/// RFC 7518 §3.3 sets the least, 2048 bits; the most keeps a client's key from costing us time.
const RSA_MODULUS_BYTES: RangeInclusive<usize> = 256..=1024;

/// A public key, checked when it is made. Its algorithm is fixed, whatever a header says (RFC 8725 §3.1).
#[derive(Clone, Debug)]
pub struct PublicKey {
    algorithm: SigningAlgorithm,
    jwk: Jwk,
    key: DecodingKey,
    validation: Validation,
}

impl PublicKey {
    /// Takes a public key from a JWK (RFC 7517 §4): ours, or one a client registered.
    ///
    /// Its algorithm is `alg`, or without one that of its key type: RS256 for RSA, ES256 for P-256, EdDSA for Ed25519.
    ///
    /// # Errors
    /// [`JoseError::InvalidKey`] if it is not for signatures (`use`, `key_ops`), of another type or algorithm, not a
    /// point of its curve, or an RSA key outside 2048 to 8192 bits; [`JoseError::ForeignProvider`].
    pub fn from_jwk(jwk: &Jwk) -> Result<Self, JoseError> {
        install()?;
        let algorithm = SigningAlgorithm::ALL
            .into_iter()
            .find(|algorithm| is_for(jwk, *algorithm))
            .filter(|_| may_verify(&jwk.common))
            .ok_or(JoseError::InvalidKey)?;
        let key = DecodingKey::from_jwk(jwk).map_err(|_| JoseError::InvalidKey)?;
        check(algorithm, &key)?;
        let common = CommonParameters {
            public_key_use: Some(PublicKeyUse::Signature),
            key_algorithm: Some(algorithm::to_library(algorithm).into()),
            key_id: jwk.common.key_id.clone(),
            ..CommonParameters::default()
        };
        let jwk = Jwk { common, algorithm: jwk.algorithm.clone() };
        Ok(Self { algorithm, jwk, key, validation: signature_only(algorithm) })
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
        self.verify_where(jws, |header| header.typ.as_deref().is_some_and(|given| typ.is(given)))
    }

    /// The claims of a client's assertion (RFC 7523 §2.2), as [`Self::verify`] does. RFC 7523 knows no `typ`, so it
    /// may be absent or `JWT`; `client-authentication+jwt` is what its revision asks for. None of the JWTs we issue
    /// is signed with a client's key.
    ///
    /// # Errors
    /// The first check of [`JoseError`] that fails.
    pub fn verify_assertion<C: DeserializeOwned>(&self, jws: &str) -> Result<C, JoseError> {
        self.verify_where(jws, |header| {
            header.typ.as_deref().is_none_or(|given| {
                same_media_type(given, "JWT") || same_media_type(given, "client-authentication+jwt")
            })
        })
    }

    fn verify_where<C: DeserializeOwned>(
        &self,
        jws: &str,
        is_expected: impl FnOnce(&UnverifiedHeader) -> bool,
    ) -> Result<C, JoseError> {
        let header = header_of(jws)?;
        if header.algorithm != self.algorithm {
            return Err(JoseError::WrongAlgorithm);
        }
        if let (Some(named), Some(ours)) = (header.kid.as_deref(), self.kid())
            && named != ours
        {
            return Err(JoseError::WrongKey);
        }
        if !is_expected(&header) {
            return Err(JoseError::WrongType);
        }
        match decode(jws, &self.key, &self.validation) {
            Ok(verified) => Ok(verified.claims),
            Err(error) if matches!(error.kind(), ErrorKind::Json(_)) => Err(JoseError::UnreadableClaims),
            Err(_) => Err(JoseError::BadSignature),
        }
    }
}

/// Whether the key's type, curve and `alg`, if it has one, are those of `algorithm` (RFC 7518 §6, RFC 8037 §2).
fn is_for(jwk: &Jwk, algorithm: SigningAlgorithm) -> bool {
    let of_this_type = match algorithm {
        SigningAlgorithm::Rs256 => matches!(jwk.algorithm, AlgorithmParameters::RSA(_)),
        SigningAlgorithm::Es256 => {
            matches!(&jwk.algorithm, AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256)
        }
        SigningAlgorithm::EdDsa => {
            matches!(&jwk.algorithm, AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519)
        }
    };
    let named = KeyAlgorithm::from(algorithm::to_library(algorithm));
    of_this_type && jwk.common.key_algorithm.is_none_or(|declared| declared == named)
}

/// Whether `use` and `key_ops` allow the key to verify signatures (RFC 7517 §4.2, §4.3).
fn may_verify(common: &CommonParameters) -> bool {
    common.public_key_use.as_ref().is_none_or(|purpose| *purpose == PublicKeyUse::Signature)
        && common.key_operations.as_ref().is_none_or(|operations| operations.contains(&KeyOperations::Verify))
}

/// Whether the library can verify with this key, asked now rather than at the first signature.
fn check(algorithm: SigningAlgorithm, key: &DecodingKey) -> Result<(), JoseError> {
    let parsed = match (algorithm, key.kind()) {
        (SigningAlgorithm::Rs256, DecodingKeyKind::RsaModulusExponent { n, e }) => {
            // The library asks for the length only when it verifies, and then for the exact number of bits.
            RSA_MODULUS_BYTES.contains(&n.len())
                && RsaPublicKeyComponents { n, e }.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256).is_ok()
        }
        (SigningAlgorithm::Es256, DecodingKeyKind::SecretOrDer(point)) => {
            ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).is_ok()
        }
        (SigningAlgorithm::EdDsa, DecodingKeyKind::SecretOrDer(point)) => {
            ParsedPublicKey::new(&ED25519, point).is_ok()
        }
        _ => false,
    };
    if parsed { Ok(()) } else { Err(JoseError::InvalidKey) }
}

/// The library's own judgement of claims switched off: it would ask the machine for the time.
fn signature_only(algorithm: SigningAlgorithm) -> Validation {
    let mut validation = Validation::new(algorithm::to_library(algorithm));
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}
