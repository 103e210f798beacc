//! Pushed authorization requests.

use std::collections::hash_map::Entry;

use application::port::{Completion, IssuedCode, KeptCode, PushedRequests, Unavailable};
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

    async fn complete(
        &self,
        key: Digest,
        by: Digest,
        code: Option<&IssuedCode>,
        now: DateTime<Utc>,
    ) -> Result<Completion, Unavailable> {
        let state = &mut *self.state();
        let kept = state.pushed_requests.get_mut(&key).filter(|kept| now < kept.pushed.completes_until());
        let Some(kept) = kept.filter(|kept| kept.completed_by.is_none_or(|earlier| earlier == by)) else {
            return Ok(Completion::Gone);
        };
        if let Some(IssuedCode { digest, code }) = code {
            let Entry::Vacant(place) = state.authorization_codes.entry(*digest) else {
                return Err(key_taken());
            };
            place.insert(KeptCode { code: code.clone(), redeemed: false });
        }
        kept.completed_by = Some(by);
        Ok(Completion::Completed)
    }
}
