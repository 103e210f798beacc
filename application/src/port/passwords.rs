//! Password hashing, off the async threads.

use async_trait::async_trait;
use domain::user::PasswordHash;

/// Why a password could not be hashed or verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordsError {
    /// Too many passwords are waiting.
    #[error("too many passwords wait to be hashed")]
    Busy,
    /// The hash function failed, or the stored hash is corrupt.
    #[error("a password could not be hashed")]
    Failed,
}

/// Hashes and verifies passwords with a slow, memory-hard function (RFC 9106).
#[async_trait]
pub trait Passwords: Send + Sync {
    /// Hashes a password of 1 to 1024 bytes without Unicode normalisation.
    async fn hash(&self, password: &str) -> Result<PasswordHash, PasswordsError>;

    /// Whether `hash` was made from `password`. Without a hash (no user has the name) it is false, after the same
    /// time.
    async fn verify(&self, password: &str, hash: Option<&PasswordHash>) -> Result<bool, PasswordsError>;

    /// Whether `hash` was made with other parameters than [`hash`](Self::hash) uses now.
    fn is_outdated(&self, hash: &PasswordHash) -> bool;
}
