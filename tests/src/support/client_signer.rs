//! A client's signing key, and the assertions that the client signs with it (RFC 7523 §2.2).

use application::keys::jose::PrivateKey;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{ClientKeys, SigningAlgorithm};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

/// The value of `client_assertion_type`.
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How many bytes the PKCS#8 form of a 2048-bit RSA key adds before the key.
const PKCS8_WRAPPING: usize = 26;

/// A client's key pair.
pub struct ClientSigner {
    algorithm: Algorithm,
    private: EncodingKey,
    jwk: Value,
}

impl ClientSigner {
    /// Generates a key for an RSA algorithm, ES256, ES384 or EdDSA.
    #[must_use]
    pub fn new(algorithm: Algorithm) -> Self {
        if algorithm == Algorithm::ES384 {
            return Self::p384();
        }
        let kind = if algorithm == Algorithm::ES256 {
            SigningAlgorithm::Es256
        } else if algorithm == Algorithm::EdDSA {
            SigningAlgorithm::EdDsa
        } else {
            SigningAlgorithm::Rs256
        };
        let der = PrivateKey::generate(kind).expect("a key");
        let private = match kind {
            SigningAlgorithm::Rs256 => EncodingKey::from_rsa_der(&der[PKCS8_WRAPPING..]),
            SigningAlgorithm::Es256 => EncodingKey::from_ec_der(&der),
            SigningAlgorithm::EdDsa => EncodingKey::from_ed_der(&der),
        };
        let key = PrivateKey::from_pkcs8(kind, &der).expect("a key");
        let mut jwk = serde_json::to_value(key.public_jwk()).expect("a JWK");
        jwk["alg"] = json!(format!("{algorithm:?}"));
        Self { algorithm, private, jwk }
    }

    /// ES384 is an algorithm that the server itself never signs with.
    fn p384() -> Self {
        // Generating one of the server's keys installs the aws-lc signature provider as a side
        // effect.
        PrivateKey::generate(SigningAlgorithm::EdDsa).expect("a key");
        let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, &SystemRandom::new());
        let private = EncodingKey::from_ec_der(der.expect("a key").as_ref());
        let jwk = Jwk::from_encoding_key(&private, Algorithm::ES384).expect("a JWK");
        let mut jwk = serde_json::to_value(jwk).expect("a JWK");
        jwk["kid"] = json!("p384");
        Self { algorithm: Algorithm::ES384, private, jwk }
    }

    /// The same key without a `kid`.
    #[must_use]
    pub fn without_kid(mut self) -> Self {
        self.jwk.as_object_mut().expect("an object").remove("kid");
        self
    }

    /// The public half, as the client registers it.
    #[must_use]
    pub fn jwk(&self) -> &Value {
        &self.jwk
    }

    /// A JWK set with this key only.
    #[must_use]
    pub fn jwks(&self) -> ClientKeys {
        json!({"keys": [self.jwk]}).try_into().expect("public keys")
    }

    /// Signs an assertion with these claims.
    #[must_use]
    pub fn sign(&self, claims: &Value) -> String {
        self.sign_with_header(&json!({"alg": self.jwk["alg"], "kid": self.jwk["kid"]}), claims)
    }

    /// Signs an assertion with this header, which may be wrong.
    #[must_use]
    pub fn sign_with_header(&self, header: &Value, claims: &Value) -> String {
        self.sign_as(self.algorithm, header, claims)
    }

    /// Signs with another algorithm of the same key type.
    #[must_use]
    pub fn sign_as(&self, algorithm: Algorithm, header: &Value, claims: &Value) -> String {
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        self.sign_message(algorithm, &format!("{}.{}", encode(header), encode(claims)))
    }

    /// Signs a header and a payload that the test has encoded itself.
    #[must_use]
    pub fn sign_text(&self, message: &str) -> String {
        self.sign_message(self.algorithm, message)
    }

    fn sign_message(&self, algorithm: Algorithm, message: &str) -> String {
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &self.private, algorithm);
        format!("{message}.{}", signature.expect("a signature"))
    }
}
