//! Replay detection.

use std::collections::hash_map::Entry;

use application::port::{Marked, ReplayMarks, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::Digest;

use crate::MemoryStore;

#[async_trait]
impl ReplayMarks for MemoryStore {
    async fn mark(&self, digest: Digest, expires_at: DateTime<Utc>) -> Result<Marked, Unavailable> {
        Ok(match self.state().replay_marks.entry(digest) {
            Entry::Occupied(_) => Marked::Seen,
            Entry::Vacant(vacant) => {
                vacant.insert(expires_at);
                Marked::First
            }
        })
    }
}
