//! Interactions: the logins, consents and verifications that browsers are in the middle of.

use std::collections::hash_map::Entry;

use application::port::{Finished, Interactions, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{Digest, Interaction};

use crate::{MemoryStore, key_taken};

#[async_trait]
impl Interactions for MemoryStore {
    async fn begin(&self, key: Digest, interaction: &Interaction) -> Result<(), Unavailable> {
        match self.state().interactions.entry(key) {
            Entry::Occupied(_) => Err(key_taken()),
            Entry::Vacant(vacant) => {
                vacant.insert(interaction.clone());
                Ok(())
            }
        }
    }

    async fn find(&self, key: Digest, now: DateTime<Utc>) -> Result<Option<Interaction>, Unavailable> {
        let state = self.state();
        let live = state.interactions.get(&key).filter(|interaction| interaction.is_live(now));
        Ok(live.cloned())
    }

    async fn finish(&self, key: Digest, now: DateTime<Utc>) -> Result<Finished, Unavailable> {
        let finished = self.state().interactions.remove(&key);
        Ok(match finished {
            Some(interaction) if interaction.is_live(now) => Finished::First,
            Some(_) | None => Finished::Gone,
        })
    }
}
