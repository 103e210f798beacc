//! Secrets of the server's own that outlive it, sealed before they come here.

use async_trait::async_trait;

use super::Unavailable;

/// Keeps each under its name, for good.
#[async_trait]
pub trait ServerSecrets: Send + Sync {
    /// What is kept under this name.
    async fn find(&self, name: &str) -> Result<Option<Vec<u8>>, Unavailable>;

    /// Keeps `sealed` under this name unless something is kept there, and gives what is then kept: any number of
    /// concurrent callers for one name are all given the same.
    async fn keep_first(&self, name: &str, sealed: &[u8]) -> Result<Vec<u8>, Unavailable>;
}
