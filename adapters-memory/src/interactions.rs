//! Interactions: the logins, consents and verifications of browsers.

use std::collections::hash_map::Entry;

use application::port::{Finished, Interactions, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::interaction::{Ending, KeptInteraction};
use domain::{Digest, Interaction};

use crate::{MemoryStore, key_taken};

#[async_trait]
impl Interactions for MemoryStore {
    async fn begin(&self, key: Digest, interaction: &Interaction) -> Result<(), Unavailable> {
        match self.state().interactions.entry(key) {
            Entry::Occupied(_) => Err(key_taken()),
            Entry::Vacant(vacant) => {
                vacant.insert(KeptInteraction::Unfinished(interaction.clone()));
                Ok(())
            }
        }
    }

    async fn find(&self, key: Digest, now: DateTime<Utc>) -> Result<Option<KeptInteraction>, Unavailable> {
        let state = self.state();
        let live = state.interactions.get(&key).filter(|kept| kept.is_live(now));
        Ok(live.cloned())
    }

    async fn finish(
        &self,
        key: Digest,
        ending: &Ending,
        now: DateTime<Utc>,
    ) -> Result<Finished, Unavailable> {
        let mut state = self.state();
        let kept = state.interactions.get_mut(&key).filter(|kept| kept.is_live(now));
        Ok(match kept {
            Some(KeptInteraction::Ended(earlier)) => Finished::Again(earlier.clone()),
            Some(kept) => {
                *kept = KeptInteraction::Ended(ending.clone());
                Finished::First
            }
            None => Finished::Gone,
        })
    }
}
