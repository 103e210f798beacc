//! Key pairs of the cryptographic library: making, parsing and using them.

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
        RsaKeyPair, RsaPublicKeyComponents,
    },
};
use domain::SigningAlgorithm;
use jsonwebtoken::{DecodingKey, signature};
use rsa::RsaPrivateKey;
use rsa::pkcs8::DecodePrivateKey;
use zeroize::Zeroizing;

use super::JoseError;

/// Checks a new RSA key with a second implementation before anything is signed with it: factors, exponents and modulus
/// must fit together. That implementation never signs, because its timing leaks the private key (RUSTSEC-2023-0071).
fn check_rsa(pkcs8: &[u8]) -> Result<(), JoseError> {
    let key = RsaPrivateKey::from_pkcs8_der(pkcs8).map_err(|_| JoseError::InvalidKey)?;
    key.validate().map_err(|_| JoseError::InvalidKey)
}

/// A parsed private key; its type is its algorithm.
pub(super) enum KeyPair {
    Rs256(RsaKeyPair),
    Es256(EcdsaKeyPair),
    EdDsa(Ed25519KeyPair),
}

impl KeyPair {
    /// Makes a private key as PKCS#8. RSA keys have 2048 bits, the minimum of RFC 7518 §3.3, because a signature with a
    /// longer key costs several times as much.
    pub(super) fn generate(algorithm: SigningAlgorithm) -> Result<Zeroizing<Vec<u8>>, JoseError> {
        let random = SystemRandom::new();
        let pkcs8 = match algorithm {
            SigningAlgorithm::Rs256 => RsaKeyPair::generate(KeySize::Rsa2048)
                .and_then(|pair| AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).map(|der| der.as_ref().to_vec())),
            SigningAlgorithm::Es256 => {
                EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random)
                    .map(|der| der.as_ref().to_vec())
            }
            SigningAlgorithm::EdDsa => {
                Ed25519KeyPair::generate_pkcs8v1(&random).map(|der| der.as_ref().to_vec())
            }
        };
        let pkcs8 = pkcs8.map(Zeroizing::new).map_err(|_| JoseError::InvalidKey)?;
        if algorithm == SigningAlgorithm::Rs256 {
            check_rsa(&pkcs8)?;
        }
        Ok(pkcs8)
    }

    pub(super) fn from_pkcs8(algorithm: SigningAlgorithm, der: &[u8]) -> Result<Self, JoseError> {
        match algorithm {
            SigningAlgorithm::Rs256 => RsaKeyPair::from_pkcs8(der).map(Self::Rs256),
            SigningAlgorithm::Es256 => {
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der).map(Self::Es256)
            }
            SigningAlgorithm::EdDsa => Ed25519KeyPair::from_pkcs8(der).map(Self::EdDsa),
        }
        .map_err(|_| JoseError::InvalidKey)
    }

    pub(super) fn algorithm(&self) -> SigningAlgorithm {
        match self {
            Self::Rs256(_) => SigningAlgorithm::Rs256,
            Self::Es256(_) => SigningAlgorithm::Es256,
            Self::EdDsa(_) => SigningAlgorithm::EdDsa,
        }
    }

    /// The public key.
    pub(super) fn public(&self) -> DecodingKey {
        match self {
            Self::Rs256(pair) => {
                let public = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                DecodingKey::from_rsa_raw_components(&public.n, &public.e)
            }
            Self::Es256(pair) => DecodingKey::from_ec_der(pair.public_key().as_ref()),
            Self::EdDsa(pair) => DecodingKey::from_ed_der(pair.public_key().as_ref()),
        }
    }

    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        let random = SystemRandom::new();
        match self {
            Self::Rs256(pair) => {
                let mut bytes = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut bytes).map(|()| bytes)
            }
            Self::Es256(pair) => pair.sign(&random, message).map(|made| made.as_ref().to_vec()),
            Self::EdDsa(pair) => pair.try_sign(message).map(|made| made.as_ref().to_vec()),
        }
        .map_err(|_| signature::Error::new())
    }
}
