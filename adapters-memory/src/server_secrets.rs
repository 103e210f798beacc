//! Encrypted secrets of the server itself.

use application::port::{ServerSecrets, Unavailable};
use async_trait::async_trait;

use crate::MemoryStore;

#[async_trait]
impl ServerSecrets for MemoryStore {
    async fn find(&self, name: &str) -> Result<Option<Vec<u8>>, Unavailable> {
        Ok(self.state().server_secrets.get(name).cloned())
    }

    async fn keep_first(&self, name: &str, sealed: &[u8]) -> Result<Vec<u8>, Unavailable> {
        Ok(self.state().server_secrets.entry(name.to_owned()).or_insert_with(|| sealed.to_vec()).clone())
    }
}
