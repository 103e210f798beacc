//! Initial access tokens.

use std::collections::btree_map::Entry;
use std::ops::Bound::{Excluded, Unbounded};

use application::port::{Admitted, InitialAccessTokens, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{AuditEvent, Client, Digest, InitialAccessToken, InitialAccessTokenId};

use crate::{MemoryStore, key_taken};

#[async_trait]
impl InitialAccessTokens for MemoryStore {
    async fn create(&self, token: &InitialAccessToken, event: &AuditEvent) -> Result<(), Unavailable> {
        let mut state = self.state();
        let taken = state.initial_access_tokens.values().any(|kept| kept.token == token.token);
        if taken || state.initial_access_tokens.contains_key(&token.id) {
            return Err(key_taken());
        }
        state.initial_access_tokens.insert(token.id, token.clone());
        state.audit_events.push(event.clone());
        Ok(())
    }

    async fn find(
        &self,
        token: Digest,
        now: DateTime<Utc>,
    ) -> Result<Option<InitialAccessToken>, Unavailable> {
        let state = self.state();
        let found = state.initial_access_tokens.values().find(|kept| kept.token == token);
        Ok(found.filter(|kept| kept.is_live(now)).cloned())
    }

    async fn admit(
        &self,
        token: Digest,
        client: &Client,
        now: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<Admitted, Unavailable> {
        let mut guard = self.state();
        let state = &mut *guard;
        let found = state.initial_access_tokens.values_mut().find(|kept| kept.token == token);
        let Some(token) = found.filter(|kept| kept.is_live(now)) else {
            return Ok(Admitted::Invalid);
        };
        match state.clients.entry(client.id.clone()) {
            Entry::Occupied(_) => Ok(Admitted::IdTaken),
            Entry::Vacant(vacant) => {
                vacant.insert(client.clone());
                token.used += 1;
                state.audit_events.push(event.clone());
                Ok(Admitted::Done)
            }
        }
    }

    async fn revoke(&self, id: InitialAccessTokenId, event: &AuditEvent) -> Result<bool, Unavailable> {
        let mut state = self.state();
        if state.initial_access_tokens.remove(&id).is_none() {
            return Ok(false);
        }
        state.audit_events.push(event.clone());
        Ok(true)
    }

    async fn list(
        &self,
        after: Option<InitialAccessTokenId>,
        limit: u32,
    ) -> Result<Vec<InitialAccessToken>, Unavailable> {
        let state = self.state();
        let range = (after.map_or(Unbounded, Excluded), Unbounded);
        let page = state.initial_access_tokens.range(range).take(limit as usize);
        Ok(page.map(|(_, token)| token.clone()).collect())
    }
}
