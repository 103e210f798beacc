//! Remembered consent.

use std::collections::hash_map::Entry;

use application::port::{Consents, Unavailable};
use async_trait::async_trait;
use domain::{ClientId, Consent, UserId};

use crate::MemoryStore;

#[async_trait]
impl Consents for MemoryStore {
    async fn find(&self, user: UserId, client: &ClientId) -> Result<Option<Consent>, Unavailable> {
        Ok(self.state().consents.get(&(user, client.clone())).cloned())
    }

    async fn grant(&self, consent: &Consent) -> Result<(), Unavailable> {
        let mut state = self.state();
        if !state.users.contains_key(&consent.user) || !state.clients.contains_key(&consent.client) {
            return Ok(());
        }
        match state.consents.entry((consent.user, consent.client.clone())) {
            Entry::Vacant(vacant) => {
                vacant.insert(consent.clone());
            }
            Entry::Occupied(mut occupied) => {
                let kept = occupied.get_mut();
                *kept = kept.clone().and(consent);
            }
        }
        Ok(())
    }

    async fn revoke(&self, user: UserId, client: &ClientId) -> Result<(), Unavailable> {
        self.state().consents.remove(&(user, client.clone()));
        Ok(())
    }
}
