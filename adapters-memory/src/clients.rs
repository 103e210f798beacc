//! Registered clients.

use std::collections::btree_map::Entry;
use std::ops::Bound::{Excluded, Unbounded};

use application::port::{Clients, Inserted, Unavailable};
use async_trait::async_trait;
use domain::{AuditEvent, Client, ClientId};

use crate::MemoryStore;

#[async_trait]
impl Clients for MemoryStore {
    async fn find(&self, id: &ClientId) -> Result<Option<Client>, Unavailable> {
        Ok(self.state().clients.get(id).cloned())
    }

    async fn insert(&self, client: &Client, event: &AuditEvent) -> Result<Inserted, Unavailable> {
        let mut state = self.state();
        match state.clients.entry(client.id.clone()) {
            Entry::Occupied(_) => Ok(Inserted::IdTaken),
            Entry::Vacant(vacant) => {
                vacant.insert(client.clone());
                state.audit_events.push(event.clone());
                Ok(Inserted::Done)
            }
        }
    }

    async fn amend(&self, before: &Client, after: &Client, event: &AuditEvent) -> Result<bool, Unavailable> {
        let mut state = self.state();
        match state.clients.get_mut(&before.id) {
            Some(kept) if kept == before => *kept = after.clone(),
            Some(_) | None => return Ok(false),
        }
        if !before.keeps_consents_as(after) {
            state.consents.retain(|(_, client), _| *client != before.id);
        }
        state.audit_events.push(event.clone());
        Ok(true)
    }

    async fn delete(&self, id: &ClientId, event: &AuditEvent) -> Result<bool, Unavailable> {
        let mut state = self.state();
        if state.clients.remove(id).is_none() {
            return Ok(false);
        }
        state.remove_authorizations(|authorization| authorization.client == *id);
        state.consents.retain(|(_, client), _| client != id);
        for resource in state.resources.values_mut() {
            resource.client = resource.client.take().filter(|client| client != id);
        }
        state.withdrawals.retain(|(_, client), _| client != id);
        state.audit_events.push(event.clone());
        Ok(true)
    }

    async fn list(&self, after: Option<&ClientId>, limit: u32) -> Result<Vec<Client>, Unavailable> {
        let state = self.state();
        let range = (after.map_or(Unbounded, Excluded), Unbounded);
        let page = state.clients.range::<ClientId, _>(range).take(limit as usize);
        Ok(page.map(|(_, client)| client.clone()).collect())
    }
}
