//! Why a key or a JWT was not accepted.

use thiserror::Error;

/// The reasons, for the log: a client only ever learns that its token is invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum JoseError {
    /// Something in this process used `jsonwebtoken` before our provider was installed.
    #[error("another cryptography provider was installed first")]
    ForeignProvider,
    /// The key cannot be parsed, is too weak, or is not a key for its algorithm.
    #[error("the key is not usable for signatures with its algorithm")]
    InvalidKey,
    /// Two keys of one set have the same `kid`, or sign with the same algorithm.
    #[error("two keys of the set stand for the same thing")]
    DuplicateKey,
    /// The claims cannot be serialized, or the signature cannot be made.
    #[error("the JWT cannot be signed")]
    SigningFailed,
    /// The JWS is longer than [`super::MAX_JWS_LENGTH`].
    #[error("the JWS is too long")]
    TooLong,
    /// It is no compact JWS, or its header cannot be read (which includes `alg: none`).
    #[error("not a compact JWS with a readable header")]
    Malformed,
    /// The header asks for an extension: `crit` (RFC 7515 §4.1.11) or `b64` (RFC 7797).
    #[error("the header demands an extension")]
    ExtensionDemanded,
    /// The header's `alg` is not one we sign or verify with, or not the key's own (RFC 8725 §3.1).
    #[error("the algorithm is not the key's")]
    WrongAlgorithm,
    /// The header names no key, or one we do not have.
    #[error("the key is not known")]
    UnknownKey,
    /// The header names another key than the one it was given to.
    #[error("the JWT was signed with another key")]
    WrongKey,
    /// The header's `typ` is missing, or that of another kind of JWT (RFC 8725 §3.11).
    #[error("another kind of JWT")]
    WrongType,
    /// The signature does not verify.
    #[error("the signature is wrong")]
    BadSignature,
    /// The signature verifies, but the claims are not those of this kind of JWT.
    #[error("the claims cannot be read")]
    UnreadableClaims,
}
