//! Registered resource servers.

use std::collections::btree_map::Entry;
use std::ops::Bound::{Excluded, Unbounded};

use application::port::{AmendedResource, RegisteredResource, Resources, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{AuditEvent, Resource, ResourceIdentifier};

use crate::MemoryStore;

#[async_trait]
impl Resources for MemoryStore {
    async fn register(
        &self,
        resource: &Resource,
        event: &AuditEvent,
    ) -> Result<RegisteredResource, Unavailable> {
        let mut guard = self.state();
        let state = &mut *guard;
        if resource.client.as_ref().is_some_and(|client| !state.clients.contains_key(client)) {
            return Ok(RegisteredResource::NoSuchClient);
        }
        match state.resources.entry(resource.id.clone()) {
            Entry::Occupied(_) => Ok(RegisteredResource::Taken),
            Entry::Vacant(vacant) => {
                vacant.insert(resource.clone());
                state.audit_events.push(event.clone());
                Ok(RegisteredResource::Done)
            }
        }
    }

    async fn amend(
        &self,
        before: &Resource,
        after: &Resource,
        event: &AuditEvent,
    ) -> Result<AmendedResource, Unavailable> {
        let mut guard = self.state();
        let state = &mut *guard;
        if after.client.as_ref().is_some_and(|client| !state.clients.contains_key(client)) {
            return Ok(AmendedResource::NoSuchClient);
        }
        match state.resources.get_mut(&before.id) {
            Some(kept) if kept == before => {
                *kept = after.clone();
                state.audit_events.push(event.clone());
                Ok(AmendedResource::Done)
            }
            Some(_) | None => Ok(AmendedResource::Outdated),
        }
    }

    async fn find(&self, ids: &[ResourceIdentifier]) -> Result<Vec<Resource>, Unavailable> {
        let state = self.state();
        let found = state.resources.values().filter(|resource| ids.contains(&resource.id));
        Ok(found.cloned().collect())
    }

    async fn list(
        &self,
        after: Option<&ResourceIdentifier>,
        limit: u32,
    ) -> Result<Vec<Resource>, Unavailable> {
        let state = self.state();
        let range = (after.map_or(Unbounded, Excluded), Unbounded);
        let page = state.resources.range::<ResourceIdentifier, _>(range).take(limit as usize);
        Ok(page.map(|(_, resource)| resource.clone()).collect())
    }

    async fn delete(
        &self,
        id: &ResourceIdentifier,
        forget_at: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<bool, Unavailable> {
        let mut state = self.state();
        let Some(resource) = state.resources.remove(id) else {
            return Ok(false);
        };
        state.ended_resources.insert(resource.incarnation, forget_at);
        state.audit_events.push(event.clone());
        Ok(true)
    }
}
