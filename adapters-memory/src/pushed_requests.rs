//! Pushed authorization requests.

use std::collections::hash_map::Entry;

use application::port::{Completion, PushedRequests, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{Digest, PushedRequest};

use crate::{KeptPushedRequest, MemoryStore, key_taken};

#[async_trait]
impl PushedRequests for MemoryStore {
    async fn push(&self, key: Digest, pushed: &PushedRequest) -> Result<(), Unavailable> {
        match self.state().pushed_requests.entry(key) {
            Entry::Occupied(_) => Err(key_taken()),
            Entry::Vacant(vacant) => {
                vacant.insert(KeptPushedRequest { pushed: pushed.clone(), completed_by: None });
                Ok(())
            }
        }
    }

    async fn find(&self, key: Digest, now: DateTime<Utc>) -> Result<Option<PushedRequest>, Unavailable> {
        let state = self.state();
        let kept = state.pushed_requests.get(&key).filter(|kept| kept.completed_by.is_none());
        Ok(kept.map(|kept| kept.pushed.clone()).filter(|pushed| pushed.is_live(now)))
    }

    async fn complete(&self, key: Digest, by: Digest, now: DateTime<Utc>) -> Result<Completion, Unavailable> {
        let mut state = self.state();
        let kept = state.pushed_requests.get_mut(&key).filter(|kept| now < kept.pushed.completes_until());
        let completed_by = kept.map(|kept| *kept.completed_by.get_or_insert(by));
        Ok(if completed_by == Some(by) { Completion::Completed } else { Completion::Gone })
    }
}
