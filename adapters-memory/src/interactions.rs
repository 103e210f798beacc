//! How interactions ended.

use std::collections::hash_map::Entry;

use application::port::{Finished, Interactions, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::Digest;
use domain::interaction::Ending;

use crate::MemoryStore;

#[async_trait]
impl Interactions for MemoryStore {
    async fn find_ending(&self, key: Digest, now: DateTime<Utc>) -> Result<Option<Ending>, Unavailable> {
        let state = self.state();
        let live = state.endings.get(&key).filter(|ending| ending.is_live(now));
        Ok(live.cloned())
    }

    async fn finish(&self, key: Digest, ending: &Ending) -> Result<Finished, Unavailable> {
        match self.state().endings.entry(key) {
            Entry::Occupied(earlier) => Ok(Finished::Again(earlier.get().clone())),
            Entry::Vacant(vacant) => {
                vacant.insert(ending.clone());
                Ok(Finished::First)
            }
        }
    }
}
