//! Verifies what a client signed with its own key (RFC 7523, RFC 9101, OpenID Connect Core §6, §9).

use domain::{AssertionAlgorithm, RequestObjectAlgorithm};
use jsonwebtoken::{Algorithm, DecodingKey, jwk::Jwk};
use serde::de::DeserializeOwned;

use super::{
    JoseError, algorithm, header, install,
    jwt_type::same_media_type,
    verification::{algorithms_for, checked_key, claims, is_quick, signature_only},
};

/// A client's public key, checked when it is made.
///
/// An RSA key without `alg` verifies with every RSA algorithm: the client chooses. This server's own keys have one
/// algorithm each.
#[derive(Clone, Debug)]
pub struct ClientKey {
    kid: Option<String>,
    algorithms: Vec<Algorithm>,
    key: DecodingKey,
    is_quick: bool,
}

impl ClientKey {
    /// Takes a public key from a JWK (RFC 7517 §4).
    ///
    /// # Errors
    /// [`JoseError::InvalidKey`] if it is not for signatures (`use`, `key_ops`), of a type or algorithm that is not
    /// among [`AssertionAlgorithm::ALL`], not a point of its curve, or an RSA key outside 2048 to 4096 bits or with
    /// an exponent that is even, below 65537 or above 32 bits;
    /// [`JoseError::ForeignProvider`].
    pub fn from_jwk(jwk: &Jwk) -> Result<Self, JoseError> {
        install()?;
        let algorithms = algorithms_for(jwk);
        let first = algorithms.first().ok_or(JoseError::InvalidKey)?;
        let key = checked_key(jwk, *first)?;
        Ok(Self { kid: jwk.common.key_id.clone(), algorithms, key, is_quick: is_quick(jwk) })
    }

    /// Whether it verifies about as fast as the keys that most clients have. See [`is_quick`](super::is_quick).
    #[must_use]
    pub const fn is_quick(&self) -> bool {
        self.is_quick
    }

    /// The claims of an assertion (RFC 7523 §2.2) that this key signed, with the `only` algorithm that its client registered,
    /// if it did. RFC 7523 defines no `typ`, so it may be absent or
    /// `JWT`; the revision of RFC 7523 requires `client-authentication+jwt`. No JWT that this server issues is signed with
    /// the key of a client.
    ///
    /// Checked are the length, `alg`, `kid` when both sides have one, `typ`, the absence of extensions, and the
    /// signature. **Not** checked are the claims.
    ///
    /// # Errors
    /// The first check of [`JoseError`] that fails.
    pub fn verify_assertion<C: DeserializeOwned>(
        &self,
        jws: &str,
        only: Option<AssertionAlgorithm>,
    ) -> Result<C, JoseError> {
        let admitted = |alg| only.is_none_or(|only| only.as_str().parse() == Ok(alg));
        self.verify(jws, admitted, &["JWT", "client-authentication+jwt"])
    }

    /// The claims of a request object (RFC 9101 §4) that this key signed, with the `only` algorithm that its client
    /// registered, if it did. `typ` may be absent, `JWT` or `oauth-authz-req+jwt` (§10.8).
    ///
    /// Checked and not checked is the same as for an assertion.
    ///
    /// # Errors
    /// The first check of [`JoseError`] that fails.
    pub fn verify_request_object<C: DeserializeOwned>(
        &self,
        jws: &str,
        only: Option<RequestObjectAlgorithm>,
    ) -> Result<C, JoseError> {
        let admitted = |alg| {
            let mut all = RequestObjectAlgorithm::ALL.into_iter();
            all.any(|ours| {
                algorithm::request_object_to_library(ours) == alg && only.is_none_or(|only| only == ours)
            })
        };
        self.verify(jws, admitted, &["JWT", "oauth-authz-req+jwt"])
    }

    fn verify<C: DeserializeOwned>(
        &self,
        jws: &str,
        admitted: impl Fn(Algorithm) -> bool,
        types: &[&str],
    ) -> Result<C, JoseError> {
        let header = header::read_any(jws)?;
        if !self.algorithms.contains(&header.alg) || !admitted(header.alg) {
            return Err(JoseError::WrongAlgorithm);
        }
        if let (Some(named), Some(ours)) = (&header.kid, &self.kid)
            && named != ours
        {
            return Err(JoseError::WrongKey);
        }
        let is_meant = |given: &str| types.iter().any(|known| same_media_type(given, known));
        if !header.typ.as_deref().is_none_or(is_meant) {
            return Err(JoseError::WrongType);
        }
        claims(jws, &self.key, &signature_only(header.alg))
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair};
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    use domain::SigningAlgorithm;
    use jsonwebtoken::EncodingKey;
    use serde_json::{Value, json};

    use super::super::PrivateKey;
    use super::*;

    /// How many bytes the PKCS#8 form of a 2048-bit RSA key adds before the key.
    const PKCS8_WRAPPING: usize = 26;

    struct Signer {
        private: EncodingKey,
        jwk: Value,
    }

    impl Signer {
        fn new(algorithm: SigningAlgorithm) -> Self {
            let der = PrivateKey::generate(algorithm).unwrap();
            let private = match algorithm {
                SigningAlgorithm::Rs256 => EncodingKey::from_rsa_der(&der[PKCS8_WRAPPING..]),
                SigningAlgorithm::Es256 => EncodingKey::from_ec_der(&der),
                SigningAlgorithm::EdDsa => EncodingKey::from_ed_der(&der),
            };
            let key = PrivateKey::from_pkcs8(algorithm, &der).unwrap();
            let mut jwk = serde_json::to_value(key.public_jwk()).unwrap();
            jwk.as_object_mut().unwrap().retain(|name, _| name != "alg" && name != "kid");
            Self { private, jwk }
        }

        fn p384() -> Self {
            install().unwrap();
            let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, &SystemRandom::new());
            let private = EncodingKey::from_ec_der(der.unwrap().as_ref());
            let jwk = Jwk::from_encoding_key(&private, Algorithm::ES384).unwrap();
            Self { private, jwk: serde_json::to_value(jwk).unwrap() }
        }

        fn key(&self, members: &Value) -> Result<ClientKey, JoseError> {
            let mut jwk = self.jwk.clone();
            jwk.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
            ClientKey::from_jwk(&serde_json::from_value(jwk).unwrap())
        }

        fn sign(&self, algorithm: Algorithm, header: &Value) -> String {
            let (header, payload) = (header.to_string(), json!({"sub": "web"}).to_string());
            let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
            let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &self.private, algorithm).unwrap();
            format!("{message}.{signature}")
        }
    }

    fn signers() -> Vec<(Signer, Vec<Algorithm>)> {
        let rsa = Signer::new(SigningAlgorithm::Rs256);
        let all_of_rsa = algorithms_for(&serde_json::from_value(rsa.jwk.clone()).unwrap());
        vec![
            (rsa, all_of_rsa),
            (Signer::new(SigningAlgorithm::Es256), vec![Algorithm::ES256]),
            (Signer::p384(), vec![Algorithm::ES384]),
            (Signer::new(SigningAlgorithm::EdDsa), vec![Algorithm::EdDSA]),
        ]
    }

    fn name(algorithm: Algorithm) -> String {
        format!("{algorithm:?}")
    }

    #[test]
    fn every_advertised_algorithm_verifies_and_no_other_exists() {
        let mut verified = Vec::new();
        for (signer, algorithms) in signers() {
            for algorithm in algorithms {
                let alg = name(algorithm);
                let jws = signer.sign(algorithm, &json!({"alg": alg}));
                let key = signer.key(&json!({})).unwrap();
                assert_eq!(key.verify_assertion::<Value>(&jws, None), Ok(json!({"sub": "web"})), "{alg}");
                for only in AssertionAlgorithm::ALL {
                    let only = Some(only.parse().unwrap());
                    let outcome = key.verify_assertion::<Value>(&jws, only).map(drop);
                    let is_it = only.map(AssertionAlgorithm::as_str) == Some(&*alg);
                    assert_eq!(outcome, if is_it { Ok(()) } else { Err(JoseError::WrongAlgorithm) }, "{alg}");
                }
                verified.push(alg);
            }
        }
        assert_eq!(verified, AssertionAlgorithm::ALL);
    }

    #[test]
    fn a_key_with_an_algorithm_verifies_with_no_other() {
        let signer = Signer::new(SigningAlgorithm::Rs256);
        let jws = signer.sign(Algorithm::RS256, &json!({"alg": "RS256"}));
        assert!(signer.key(&json!({"alg": "RS256"})).unwrap().verify_assertion::<Value>(&jws, None).is_ok());
        let strict = signer.key(&json!({"alg": "PS256"})).unwrap();
        assert_eq!(strict.verify_assertion::<Value>(&jws, None), Err(JoseError::WrongAlgorithm));
    }

    #[test]
    fn symmetric_algorithms_and_none_are_refused_whatever_the_key() {
        let signer = Signer::new(SigningAlgorithm::Rs256);
        let key = signer.key(&json!({})).unwrap();
        let right = signer.sign(Algorithm::RS256, &json!({"alg": "RS256"}));
        let signature = right.rsplit('.').next().unwrap();
        for alg in ["HS256", "none", "None", "ES256", "RS257"] {
            let header = URL_SAFE_NO_PAD.encode(json!({"alg": alg}).to_string());
            let payload = URL_SAFE_NO_PAD.encode(json!({"sub": "web"}).to_string());
            for signature in ["", signature] {
                let jws = format!("{header}.{payload}.{signature}");
                assert!(key.verify_assertion::<Value>(&jws, None).is_err(), "{alg}");
            }
        }
    }

    #[test]
    fn an_assertion_may_lack_a_typ_but_not_be_another_kind_of_jwt() {
        let signer = Signer::new(SigningAlgorithm::EdDsa);
        let key = signer.key(&json!({"kid": "one"})).unwrap();
        let verified = |header: Value| {
            key.verify_assertion::<Value>(&signer.sign(Algorithm::EdDSA, &header), None).map(drop)
        };
        assert_eq!(verified(json!({"alg": "EdDSA"})), Ok(()));
        assert_eq!(verified(json!({"alg": "EdDSA", "typ": "jwt", "kid": "one"})), Ok(()));
        assert_eq!(verified(json!({"alg": "EdDSA", "typ": "client-authentication+jwt"})), Ok(()));
        assert_eq!(verified(json!({"alg": "EdDSA", "typ": "at+jwt"})), Err(JoseError::WrongType));
        assert_eq!(verified(json!({"alg": "EdDSA", "kid": "two"})), Err(JoseError::WrongKey));
        let extended = json!({"alg": "EdDSA", "crit": ["exp"], "exp": 1});
        assert_eq!(verified(extended), Err(JoseError::ExtensionDemanded));
    }

    #[test]
    fn a_request_object_is_signed_with_one_of_four_algorithms_or_the_only_one() {
        for (signer, algorithms) in signers() {
            for algorithm in algorithms {
                let alg = name(algorithm);
                let jws = signer.sign(algorithm, &json!({"alg": alg, "typ": "oauth-authz-req+jwt"}));
                let key = signer.key(&json!({})).unwrap();
                let named = alg.parse::<RequestObjectAlgorithm>();
                let verified = |only| key.verify_request_object::<Value>(&jws, only).map(drop);
                assert_eq!(verified(None).is_ok(), named.is_ok(), "{alg}");
                for only in RequestObjectAlgorithm::ALL {
                    assert_eq!(verified(Some(only)).is_ok(), named == Ok(only), "{alg} for {only:?}");
                }
                assert!(key.verify_assertion::<Value>(&jws, None).is_err(), "it is no assertion");
            }
        }
        let signer = Signer::new(SigningAlgorithm::EdDsa);
        let key = signer.key(&json!({})).unwrap();
        for (typ, taken) in [("JWT", true), ("client-authentication+jwt", false), ("at+jwt", false)] {
            let jws = signer.sign(Algorithm::EdDSA, &json!({"alg": "EdDSA", "typ": typ}));
            assert_eq!(key.verify_request_object::<Value>(&jws, None).is_ok(), taken, "{typ}");
        }
    }

    #[test]
    fn a_key_that_is_not_for_verifying_is_refused() {
        let signer = Signer::new(SigningAlgorithm::Rs256);
        for member in [
            json!({"use": "enc"}),
            json!({"key_ops": ["encrypt"]}),
            json!({"alg": "ES256"}),
            json!({"alg": "HS256"}),
            json!({"alg": "RSA-OAEP"}),
            json!({"n": "AQAB"}),
        ] {
            assert_eq!(signer.key(&member).err(), Some(JoseError::InvalidKey), "{member}");
        }
    }

    #[test]
    fn an_rsa_key_that_costs_much_time_or_is_none_is_refused() {
        let key = |modulus: &[u8], exponent: u64| {
            let exponent: Vec<_> = exponent.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
            let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
            let jwk = json!({"kty": "RSA", "n": encode(modulus), "e": encode(&exponent)});
            ClientKey::from_jwk(&serde_json::from_value(jwk).unwrap()).is_ok()
        };
        let even = |length: usize| [vec![0xFF; length - 1], vec![0xFE]].concat();
        for (modulus, exponent, is_taken) in [
            (vec![0xFF; 256], 65_537, true),
            (vec![0xFF; 512], 65_537, true),
            (vec![0xFF; 512], 0xFFFF_FFFF, true),
            (vec![0xFF; 255], 65_537, false),
            (vec![0xFF; 513], 65_537, false),
            (vec![0xFF; 1024], 65_537, false),
            (even(256), 65_537, false),
            (vec![0xFF; 256], 3, false),
            (vec![0xFF; 256], 65_535, false),
            (vec![0xFF; 256], 65_538, false),
            (vec![0xFF; 256], 0x1_0000_0001, false),
            (vec![0xFF; 256], u64::MAX, false),
            (vec![0xFF; 256], 0, false),
        ] {
            assert_eq!(key(&modulus, exponent), is_taken, "{} bytes, exponent {exponent}", modulus.len());
        }
    }
}
