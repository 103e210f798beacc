//! A client's own signing key, and the assertions it makes (RFC 7523 §2.2).

use application::keys::jose::PrivateKey;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{ClientKeys, SigningAlgorithm};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

/// `client_assertion_type`.
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A PKCS#8 RSA key of 2048 bits wraps the key itself in so many bytes.
const PKCS8_WRAPPING: usize = 26;

/// A key pair that only the client knows.
pub struct ClientSigner {
    algorithm: Algorithm,
    private: EncodingKey,
    jwk: Value,
}

impl ClientSigner {
    /// A new key for an RSA algorithm, ES256, ES384 or EdDSA.
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

    /// The kind of key that we have no use for ourselves.
    fn p384() -> Self {
        // For the side effect: whoever makes a key of ours first also installs the signatures of aws-lc.
        PrivateKey::generate(SigningAlgorithm::EdDsa).expect("a key");
        let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, &SystemRandom::new());
        let private = EncodingKey::from_ec_der(der.expect("a key").as_ref());
        let jwk = Jwk::from_encoding_key(&private, Algorithm::ES384).expect("a JWK");
        let mut jwk = serde_json::to_value(jwk).expect("a JWK");
        jwk["kid"] = json!("p384");
        Self { algorithm: Algorithm::ES384, private, jwk }
    }

    /// The same key without a name.
    #[must_use]
    pub fn without_kid(mut self) -> Self {
        self.jwk.as_object_mut().expect("an object").remove("kid");
        self
    }

    /// Its public half, as the client registers it.
    #[must_use]
    pub fn jwk(&self) -> &Value {
        &self.jwk
    }

    /// A set of this one key.
    #[must_use]
    pub fn jwks(&self) -> ClientKeys {
        json!({"keys": [self.jwk]}).try_into().expect("public keys")
    }

    /// An assertion with these claims.
    #[must_use]
    pub fn sign(&self, claims: &Value) -> String {
        self.sign_with_header(&json!({"alg": self.jwk["alg"], "kid": self.jwk["kid"]}), claims)
    }

    /// An assertion with this header, whatever it says.
    #[must_use]
    pub fn sign_with_header(&self, header: &Value, claims: &Value) -> String {
        self.sign_as(self.algorithm, header, claims)
    }

    /// The same, signed with another algorithm of the key's type.
    #[must_use]
    pub fn sign_as(&self, algorithm: Algorithm, header: &Value, claims: &Value) -> String {
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        self.sign_message(algorithm, &format!("{}.{}", encode(header), encode(claims)))
    }

    /// A header and a payload, encoded by the test itself, signed as they are.
    #[must_use]
    pub fn sign_text(&self, message: &str) -> String {
        self.sign_message(self.algorithm, message)
    }

    fn sign_message(&self, algorithm: Algorithm, message: &str) -> String {
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &self.private, algorithm);
        format!("{message}.{}", signature.expect("a signature"))
    }
}
