//! What explains refused requests.

use std::collections::BTreeSet;

use application::port::{RefusalBounds, Refusals, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{ClientId, ErrorReference, KeptRefusal, RefusalId};

use crate::{MemoryStore, State};

#[async_trait]
impl Refusals for MemoryStore {
    async fn record(&self, refusals: &[KeptRefusal], bounds: RefusalBounds) -> Result<(), Unavailable> {
        let mut state = self.state();
        for refusal in refusals {
            state.refusals.entry(refusal.id).or_insert_with(|| refusal.clone());
        }
        let networks: BTreeSet<_> = refusals.iter().map(|refusal| &refusal.network).collect();
        for network in networks {
            state.trim_refusals(bounds.of_network, |kept| kept.network == *network);
        }
        let clients: BTreeSet<_> = refusals.iter().filter_map(|refusal| refusal.client.as_ref()).collect();
        for client in clients {
            state.trim_refusals(bounds.of_client, |kept| kept.client.as_ref() == Some(client));
        }
        state.trim_refusals(bounds.all, |_| true);
        Ok(())
    }

    async fn find(
        &self,
        reference: &ErrorReference,
        now: DateTime<Utc>,
    ) -> Result<Option<KeptRefusal>, Unavailable> {
        let state = self.state();
        let mut found = state.refusals.values().filter(|kept| kept.reference == *reference);
        Ok(found.find(|kept| now < kept.expires_at).cloned())
    }

    async fn latest(
        &self,
        client: &ClientId,
        before: Option<RefusalId>,
        limit: u32,
        now: DateTime<Utc>,
    ) -> Result<Vec<KeptRefusal>, Unavailable> {
        let state = self.state();
        let wanted = |kept: &&KeptRefusal| {
            kept.client.as_ref() == Some(client)
                && now < kept.expires_at
                && before.is_none_or(|before| kept.id < before)
        };
        Ok(state.refusals.values().rev().filter(wanted).take(limit as usize).cloned().collect())
    }
}

impl State {
    /// Removes the oldest of these, until `most` are left.
    fn trim_refusals(&mut self, most: u32, these: impl Fn(&KeptRefusal) -> bool) {
        let theirs = self.refusals.values().rev().filter(|kept| these(kept));
        let beyond: BTreeSet<_> = theirs.skip(most as usize).map(|kept| kept.id).collect();
        self.refusals.retain(|id, _| !beyond.contains(id));
    }
}
