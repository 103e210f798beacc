//! Secrets of the server itself, encrypted before they reach the store. All nodes share them.

use async_trait::async_trait;

use super::Unavailable;

/// Keeps each secret under its name for ever.
#[async_trait]
pub trait ServerSecrets: Send + Sync {
    /// Finds the secret with this name.
    async fn find(&self, name: &str) -> Result<Option<Vec<u8>>, Unavailable>;

    /// Keeps `sealed` under this name unless there is a secret with this name, and answers the secret in the store: any
    /// number of concurrent callers for one name get the same secret.
    async fn keep_first(&self, name: &str, sealed: &[u8]) -> Result<Vec<u8>, Unavailable>;
}
