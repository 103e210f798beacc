//! Memory is always ready.

use application::port::{Readiness, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::MemoryStore;

#[async_trait]
impl Readiness for MemoryStore {
    async fn check(&self) -> Result<Option<DateTime<Utc>>, Unavailable> {
        Ok(None)
    }

    async fn is_full(&self) -> bool {
        false
    }
}
