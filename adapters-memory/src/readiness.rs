//! Memory is always ready.

use application::port::{Readiness, Unavailable};
use async_trait::async_trait;

use crate::MemoryStore;

#[async_trait]
impl Readiness for MemoryStore {
    async fn check(&self) -> Result<(), Unavailable> {
        Ok(())
    }

    async fn is_full(&self) -> bool {
        false
    }
}
