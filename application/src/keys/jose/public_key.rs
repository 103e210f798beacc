//! Verifying a JWT with one public key and its one algorithm (RFC 7515 §5.2, RFC 8725 §3).

use std::sync::Arc;

use aws_lc_rs::signature::ParsedPublicKey;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::SigningAlgorithm;
use jsonwebtoken::jwk::{CommonParameters, Jwk, PublicKeyUse};
use serde::Deserialize;
use serde::de::{DeserializeOwned, Error, IgnoredAny};

use super::{
    JoseError, JwtType, UnverifiedHeader, algorithm, install, read_header,
    verification::{algorithms_for, parsed_key},
};

/// A public key, checked and parsed when it is made. (jsonwebtoken parses an RSA key again for every signature, and reads
/// every header twice and every payload three times.) The header of a JWS cannot change its algorithm (RFC 8725 §3.1).
#[derive(Clone, Debug)]
pub struct PublicKey {
    algorithm: SigningAlgorithm,
    jwk: Jwk,
    key: Arc<ParsedPublicKey>,
}

impl PublicKey {
    /// Takes a public key of this server from a JWK (RFC 7517 §4).
    ///
    /// Its algorithm is `alg`, or without one that of its key type: RS256 for RSA, ES256 for P-256, EdDSA for Ed25519.
    ///
    /// # Errors
    /// [`JoseError::InvalidKey`] if it is not for signatures (`use`, `key_ops`), of another type or algorithm, not a
    /// point of its curve, or an RSA key outside 2048 to 4096 bits or with an exponent that is even, below 65537 or above 32
    /// bits; [`JoseError::ForeignProvider`].
    pub fn from_jwk(jwk: &Jwk) -> Result<Self, JoseError> {
        install()?;
        let possible = algorithms_for(jwk);
        let algorithm = SigningAlgorithm::ALL
            .into_iter()
            .find(|algorithm| possible.contains(&algorithm::to_library(*algorithm)))
            .ok_or(JoseError::InvalidKey)?;
        let key = Arc::new(parsed_key(jwk, algorithm)?);
        let common = CommonParameters {
            public_key_use: Some(PublicKeyUse::Signature),
            key_algorithm: Some(algorithm::to_library(algorithm).into()),
            key_id: jwk.common.key_id.clone(),
            ..CommonParameters::default()
        };
        let jwk = Jwk { common, algorithm: jwk.algorithm.clone() };
        Ok(Self { algorithm, jwk, key })
    }

    /// The id of the key.
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

    /// The claims of a JWT of type `typ` that this key signed.
    ///
    /// Checked are the length, `alg`, `kid` when both sides have one, `typ`, the absence of extensions, and the
    /// signature. **Not** checked are the claims: the caller checks `iss`, `aud`, `exp` and `nbf`.
    ///
    /// # Errors
    /// The first check of [`JoseError`] that fails.
    pub fn verify<C: DeserializeOwned>(&self, jws: &str, typ: JwtType) -> Result<C, JoseError> {
        self.verify_with(&read_header(jws)?, jws, typ)
    }

    /// [`verify`](Self::verify) with a header that is read already.
    pub(super) fn verify_with<C: DeserializeOwned>(
        &self,
        header: &UnverifiedHeader,
        jws: &str,
        typ: JwtType,
    ) -> Result<C, JoseError> {
        if header.algorithm != self.algorithm {
            return Err(JoseError::WrongAlgorithm);
        }
        if let (Some(named), Some(ours)) = (header.kid.as_deref(), self.kid())
            && named != ours
        {
            return Err(JoseError::WrongKey);
        }
        if !header.typ.as_deref().is_some_and(|given| typ.matches(given)) {
            return Err(JoseError::WrongType);
        }
        let (message, signature) = jws.rsplit_once('.').ok_or(JoseError::Malformed)?;
        let (_, payload) = message.split_once('.').ok_or(JoseError::Malformed)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| JoseError::BadSignature)?;
        self.key.verify_sig(message.as_bytes(), &signature).map_err(|_| JoseError::BadSignature)?;
        let claims = URL_SAFE_NO_PAD.decode(payload).map_err(|_| JoseError::UnreadableClaims)?;
        read(&claims).map_err(|_| JoseError::UnreadableClaims)
    }
}

/// Reads an object that has no registered claim twice (RFC 7519 §4).
fn read<C: DeserializeOwned>(claims: &[u8]) -> serde_json::Result<C> {
    #[derive(Deserialize)]
    struct Registered {
        #[serde(rename = "iss")]
        _iss: Option<IgnoredAny>,
        #[serde(rename = "sub")]
        _sub: Option<IgnoredAny>,
        #[serde(rename = "aud")]
        _aud: Option<IgnoredAny>,
        #[serde(rename = "exp")]
        _exp: Option<IgnoredAny>,
        #[serde(rename = "nbf")]
        _nbf: Option<IgnoredAny>,
        #[serde(rename = "iat")]
        _iat: Option<IgnoredAny>,
        #[serde(rename = "jti")]
        _jti: Option<IgnoredAny>,
    }
    if claims.first() != Some(&b'{') {
        return Err(serde_json::Error::custom("no object"));
    }
    serde_json::from_slice::<Registered>(claims)?;
    serde_json::from_slice(claims)
}
