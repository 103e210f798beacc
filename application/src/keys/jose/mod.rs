//! Signed JWTs and their keys (RFC 7515, RFC 7517, RFC 7519; RFC 8725 for the precautions).
//!
//! This is computation only, so it is not a port. This module reads no clock: the callers check `exp`, `nbf`, `iss`
//! and `aud`, because they know the purpose of the JWT.

mod algorithm;
mod client_key;
mod error;
mod header;
mod jwt_type;
mod key_pair;
mod key_set;
mod private_key;
mod provider;
mod public_key;
mod thumbprint;
mod verification;

#[cfg(test)]
mod tests;

pub use client_key::ClientKey;
pub use error::JoseError;
pub use header::{MAX_JWS_LENGTH, UnverifiedHeader, read_header};
pub use jsonwebtoken::jwk::Jwk;
pub use jwt_type::JwtType;
pub use key_set::{KeySet, KeyUse};
pub use private_key::PrivateKey;
pub use provider::install;
pub use public_key::PublicKey;
pub use verification::is_quick;
