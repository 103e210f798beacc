//! How interactions ended.

use std::collections::hash_map::Entry;

use application::port::{Finished, Interactions, IssuedCode, KeptCode, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::Digest;
use domain::interaction::Ending;

use crate::{MemoryStore, key_taken};

#[async_trait]
impl Interactions for MemoryStore {
    async fn find_ending(&self, key: Digest, now: DateTime<Utc>) -> Result<Option<Ending>, Unavailable> {
        let state = self.state();
        let live = state.endings.get(&key).filter(|ending| ending.is_live(now));
        Ok(live.cloned())
    }

    async fn finish(
        &self,
        key: Digest,
        ending: &Ending,
        code: Option<&IssuedCode>,
    ) -> Result<Finished, Unavailable> {
        let state = &mut *self.state();
        match state.endings.entry(key) {
            Entry::Occupied(earlier) => Ok(Finished::Again(earlier.get().clone())),
            Entry::Vacant(vacant) => {
                if let Some(IssuedCode { digest, code }) = code {
                    let Entry::Vacant(place) = state.authorization_codes.entry(*digest) else {
                        return Err(key_taken());
                    };
                    place.insert(KeptCode { code: code.clone(), redeemed: false });
                }
                vacant.insert(ending.clone());
                Ok(Finished::First)
            }
        }
    }
}
