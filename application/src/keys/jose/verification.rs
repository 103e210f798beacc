//! Verifying signatures, with keys of this server or of clients (RFC 7515 §5.2, RFC 8725 §3).

use std::ops::RangeInclusive;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RsaPublicKeyComponents,
};
use domain::SigningAlgorithm;
use jsonwebtoken::{
    Algorithm, DecodingKey, DecodingKeyKind, Validation, decode,
    errors::ErrorKind,
    jwk::{
        AlgorithmParameters, CommonParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse,
    },
};
use serde::de::DeserializeOwned;

use super::{JoseError, algorithm};

/// 2048 bits are the minimum of RFC 7518 §3.3. The maxima of modulus and exponent limit the time that the key of a client can
/// cost: an anonymous request may name it.
const RSA_MODULUS_BYTES: RangeInclusive<usize> = 256..=512;
const RSA_EXPONENT: RangeInclusive<u64> = 65_537..=0xFFFF_FFFF;
/// The length of 2048 bits in base64url.
const QUICK_RSA_MODULUS_LENGTH: usize = 342;

const RSA: [Algorithm; 6] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
];

/// The asymmetric algorithms that fit the key's type, its curve and its `alg`, if it has one (RFC 7518 §6, RFC 8037 §2).
pub(super) fn algorithms_for(jwk: &Jwk) -> Vec<Algorithm> {
    let for_its_type: &[Algorithm] = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => &RSA,
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => &[Algorithm::ES256],
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P384 => &[Algorithm::ES384],
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => &[Algorithm::EdDSA],
        AlgorithmParameters::EllipticCurve(_)
        | AlgorithmParameters::OctetKeyPair(_)
        | AlgorithmParameters::OctetKey(_)
        | _ => &[],
    };
    let declared = jwk.common.key_algorithm;
    let fits =
        |algorithm: &Algorithm| declared.is_none_or(|declared| declared == KeyAlgorithm::from(*algorithm));
    for_its_type.iter().copied().filter(fits).collect()
}

/// Whether a key costs little to parse and to verify with: it is no RSA key, or one of at most 2048 bits with the exponent 65537,
/// as most have. Nothing else of the key is checked.
#[must_use]
pub fn is_quick(jwk: &Jwk) -> bool {
    match &jwk.algorithm {
        AlgorithmParameters::RSA(key) => key.n.len() <= QUICK_RSA_MODULUS_LENGTH && key.e == "AQAB",
        AlgorithmParameters::EllipticCurve(_)
        | AlgorithmParameters::OctetKeyPair(_)
        | AlgorithmParameters::OctetKey(_)
        | _ => true,
    }
}

/// The key, if it is for signatures with `algorithm` and the library can verify with it. This is checked here and not at the
/// first signature.
///
/// # Errors
/// [`JoseError::InvalidKey`].
pub(super) fn checked_key(jwk: &Jwk, algorithm: Algorithm) -> Result<DecodingKey, JoseError> {
    let key = DecodingKey::from_jwk(jwk).map_err(|_| JoseError::InvalidKey)?;
    if may_verify(&jwk.common) && is_sound(algorithm, &key) { Ok(key) } else { Err(JoseError::InvalidKey) }
}

/// The key in parsed form, if it is for signatures with `algorithm`.
///
/// # Errors
/// [`JoseError::InvalidKey`].
pub(super) fn parsed_key(jwk: &Jwk, algorithm: SigningAlgorithm) -> Result<ParsedPublicKey, JoseError> {
    let key = checked_key(jwk, algorithm::to_library(algorithm))?;
    let parsed = match (algorithm, key.kind()) {
        (SigningAlgorithm::Rs256, DecodingKeyKind::RsaModulusExponent { n, e }) => {
            RsaPublicKeyComponents { n, e }.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
        }
        (SigningAlgorithm::Es256, DecodingKeyKind::SecretOrDer(point)) => {
            ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
        }
        (SigningAlgorithm::EdDsa, DecodingKeyKind::SecretOrDer(point)) => {
            ParsedPublicKey::new(&ED25519, point)
        }
        (SigningAlgorithm::Rs256, DecodingKeyKind::SecretOrDer(_))
        | (SigningAlgorithm::Es256 | SigningAlgorithm::EdDsa, DecodingKeyKind::RsaModulusExponent { .. }) => {
            return Err(JoseError::InvalidKey);
        }
    };
    parsed.map_err(|_| JoseError::InvalidKey)
}

/// Whether `use` and `key_ops` allow the key to verify signatures (RFC 7517 §4.2, §4.3).
fn may_verify(common: &CommonParameters) -> bool {
    common.public_key_use.as_ref().is_none_or(|purpose| *purpose == PublicKeyUse::Signature)
        && common.key_operations.as_ref().is_none_or(|operations| operations.contains(&KeyOperations::Verify))
}

fn is_sound(algorithm: Algorithm, key: &DecodingKey) -> bool {
    match (algorithm, key.kind()) {
        (Algorithm::ES256, DecodingKeyKind::SecretOrDer(point)) => {
            ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).is_ok()
        }
        (Algorithm::ES384, DecodingKeyKind::SecretOrDer(point)) => {
            ParsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, point).is_ok()
        }
        (Algorithm::EdDSA, DecodingKeyKind::SecretOrDer(point)) => {
            ParsedPublicKey::new(&ED25519, point).is_ok()
        }
        (algorithm, DecodingKeyKind::RsaModulusExponent { n, e }) => {
            // The library needs the length only when it verifies, and then the exact number of bits.
            RSA.contains(&algorithm)
                && RSA_MODULUS_BYTES.contains(&n.len())
                && n.last().is_some_and(|last| last % 2 == 1)
                && exponent(e).is_some_and(|e| e % 2 == 1 && RSA_EXPONENT.contains(&e))
                && RsaPublicKeyComponents { n, e }.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256).is_ok()
        }
        (_, DecodingKeyKind::SecretOrDer(_)) => false,
    }
}

/// The exponent, if it has at most 64 bits.
fn exponent(big_endian: &[u8]) -> Option<u64> {
    let significant =
        big_endian.iter().position(|byte| *byte != 0).map_or(&[][..], |first| &big_endian[first..]);
    (significant.len() <= 8).then(|| significant.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)))
}

/// Switches off the library's checks of the claims, because they read the clock of the machine.
pub(super) fn signature_only(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}

/// The claims, if the key verifies the signature.
///
/// # Errors
/// [`JoseError::BadSignature`], [`JoseError::UnreadableClaims`].
pub(super) fn claims<C: DeserializeOwned>(
    jws: &str,
    key: &DecodingKey,
    validation: &Validation,
) -> Result<C, JoseError> {
    match decode(jws, key, validation) {
        Ok(verified) => Ok(verified.claims),
        Err(error) if matches!(error.kind(), ErrorKind::Json(_)) => Err(JoseError::UnreadableClaims),
        Err(_) => Err(JoseError::BadSignature),
    }
}
