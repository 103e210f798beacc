//! Pushed authorization requests.

use std::collections::hash_map::Entry;

use application::port::{Completed, PushedRequests, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{Digest, PushedRequest};

use crate::{MemoryStore, key_taken};

#[async_trait]
impl PushedRequests for MemoryStore {
    async fn push(&self, key: Digest, pushed: &PushedRequest) -> Result<(), Unavailable> {
        match self.state().pushed_requests.entry(key) {
            Entry::Occupied(_) => Err(key_taken()),
            Entry::Vacant(vacant) => {
                vacant.insert(pushed.clone());
                Ok(())
            }
        }
    }

    async fn find(&self, key: Digest, now: DateTime<Utc>) -> Result<Option<PushedRequest>, Unavailable> {
        let state = self.state();
        let live = state.pushed_requests.get(&key).filter(|pushed| pushed.is_live(now));
        Ok(live.cloned())
    }

    async fn complete(&self, key: Digest, now: DateTime<Utc>) -> Result<Completed, Unavailable> {
        let completed = self.state().pushed_requests.remove(&key);
        Ok(match completed {
            Some(pushed) if now < pushed.completes_until() => Completed::First,
            Some(_) | None => Completed::Gone,
        })
    }
}
