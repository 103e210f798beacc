//! Password hashing, off the async threads.

use async_trait::async_trait;
use domain::user::PasswordHash;

/// Why a password was neither accepted nor refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordsError {
    /// Too many are waiting already.
    #[error("too many passwords wait to be hashed")]
    Busy,
    /// The hash function or a kept hash is broken.
    #[error("a password could not be hashed")]
    Failed,
}

/// Hashes and verifies passwords with a slow, memory-hard function (RFC 9106).
#[async_trait]
pub trait Passwords: Send + Sync {
    /// Hashes a password of 1 to 1024 bytes, as given: no Unicode normalisation.
    async fn hash(&self, password: &str) -> Result<PasswordHash, PasswordsError>;

    /// Whether `password` is the one behind `hash`. Without a hash (nobody has that name) it is
    /// false, after the same time.
    async fn verify(&self, password: &str, hash: Option<&PasswordHash>) -> Result<bool, PasswordsError>;
}
