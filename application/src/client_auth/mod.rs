//! Client authentication (RFC 6749 §2.3), the same at every endpoint that needs it.
//!
//! See docs/decisions/clients.md.

mod authenticator;
mod credentials;
pub mod key_sets;
mod none;
mod private_key_jwt;
mod secret;
pub(crate) mod strangers;
mod verified;

pub use authenticator::ClientAuthenticator;
pub use credentials::Credentials;
pub use private_key_jwt::{ASSERTION_TYPE, AssertionVerifier, claimed_client};
pub use secret::SecretVerifier;
pub use verified::VerifiedSecrets;
