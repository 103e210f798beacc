//! Why a key or a JWT was not accepted.

use thiserror::Error;

/// The reasons, for the log: a client only ever learns that its token is invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum JoseError {
    /// Other code in this process used `jsonwebtoken` before the provider of this server was installed.
    #[error("another cryptography provider was installed first")]
    ForeignProvider,
    /// The key cannot be parsed, is too weak, or is not a key for its algorithm.
    #[error("the key is not usable for signatures with its algorithm")]
    InvalidKey,
    /// Two keys of one set have the same `kid`, or sign with the same algorithm.
    #[error("two keys of the set have the same id or sign with the same algorithm")]
    DuplicateKey,
    /// The claims cannot be serialized, or the signature cannot be made.
    #[error("the JWT cannot be signed")]
    SigningFailed,
    /// The JWS is longer than [`super::MAX_JWS_LENGTH`].
    #[error("the JWS is too long")]
    TooLong,
    /// It is not a compact JWS, or its header cannot be read (also for `alg: none`).
    #[error("not a compact JWS with a readable header")]
    Malformed,
    /// The header requires an extension: `crit` (RFC 7515 §4.1.11) or `b64` (RFC 7797).
    #[error("the header requires an extension")]
    ExtensionDemanded,
    /// The header's `alg` is not supported, or not the algorithm of the key (RFC 8725 §3.1).
    #[error("the algorithm is not the one of the key")]
    WrongAlgorithm,
    /// The header names no key, or an unknown one.
    #[error("unknown key")]
    UnknownKey,
    /// The header names another key.
    #[error("the JWT was signed with another key")]
    WrongKey,
    /// The header's `typ` is missing, or that of another type of JWT (RFC 8725 §3.11).
    #[error("wrong type of JWT")]
    WrongType,
    /// The signature does not verify.
    #[error("the signature is wrong")]
    BadSignature,
    /// The signature verifies, but the claims are not those of this type of JWT.
    #[error("the claims cannot be read")]
    UnreadableClaims,
}
