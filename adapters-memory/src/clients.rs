//! Registered clients.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Bound::{Excluded, Unbounded};

use application::port::{ClientFilter, Clients, Inserted, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::self_registration::SelfRegistration;
use domain::{Actor, AuditEvent, Client, ClientId, UserId};

use crate::{MemoryStore, State};

#[async_trait]
impl Clients for MemoryStore {
    async fn find(&self, id: &ClientId) -> Result<Option<Client>, Unavailable> {
        Ok(self.state().clients.get(id).cloned())
    }

    async fn insert(&self, client: &Client, event: &AuditEvent) -> Result<Inserted, Unavailable> {
        let mut state = self.state();
        if !state.groups_exist(client) {
            return Ok(Inserted::NoSuchGroup);
        }
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
        if !state.groups_exist(after) {
            return Ok(false);
        }
        match state.clients.get_mut(&before.id) {
            Some(kept) if kept == before => *kept = after.clone(),
            Some(_) | None => return Ok(false),
        }
        if !before.keeps_consents_as(after) {
            state.consents.retain(|(_, client), _| *client != before.id);
        }
        state.end_entry(event.at);
        state.audit_events.push(event.clone());
        Ok(true)
    }

    async fn delete(&self, id: &ClientId, event: &AuditEvent) -> Result<bool, Unavailable> {
        Ok(self.state().delete_client(id, event))
    }

    async fn mark_used(&self, id: &ClientId, now: DateTime<Utc>) -> Result<(), Unavailable> {
        let mut state = self.state();
        if state.clients.contains_key(id) {
            state.used_clients.insert(id.clone(), now);
        }
        Ok(())
    }

    async fn delete_unused(
        &self,
        since: DateTime<Utc>,
        limit: u32,
        now: DateTime<Utc>,
    ) -> Result<u64, Unavailable> {
        let mut state = self.state();
        let unused: Vec<_> = state
            .clients
            .values()
            .filter(|client| state.is_unused(client, since))
            .take(limit as usize)
            .cloned()
            .collect();
        for client in &unused {
            state
                .delete_client(&client.id, &AuditEvent::new(now, Actor::Server, "client.expire", &client.id));
        }
        Ok(unused.len() as u64)
    }

    async fn list_for_user(
        &self,
        user: UserId,
        after: Option<&ClientId>,
        limit: u32,
    ) -> Result<Vec<Client>, Unavailable> {
        let state = self.state();
        let range = (after.map_or(Unbounded, Excluded), Unbounded);
        let is_attended =
            |client: &&Client| !client.registration.as_ref().is_some_and(SelfRegistration::is_unattended);
        let clients = state.clients.range::<ClientId, _>(range).map(|(_, client)| client);
        let entered = clients.filter(|client| client.is_enabled() && state.may_enter(user, &client.id));
        Ok(entered.filter(is_attended).take(limit as usize).cloned().collect())
    }

    async fn list(&self, after: Option<&ClientId>, limit: u32) -> Result<Vec<Client>, Unavailable> {
        let state = self.state();
        let range = (after.map_or(Unbounded, Excluded), Unbounded);
        let page = state.clients.range::<ClientId, _>(range).take(limit as usize);
        Ok(page.map(|(_, client)| client.clone()).collect())
    }

    async fn search(
        &self,
        filter: &ClientFilter,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Client>, Unavailable> {
        let begins = |client: &Client| {
            filter.begins_with.as_ref().is_none_or(|text| {
                client.name_key().starts_with(&text.to_lowercase()) || client.id.as_str().starts_with(text)
            })
        };
        let state = self.state();
        let found: BTreeMap<_, _> = state
            .clients
            .values()
            .filter(|client| filter.is_enabled.is_none_or(|is_enabled| client.is_enabled() == is_enabled))
            .filter(|client| begins(client))
            .map(|client| (client.name_key(), client.clone()))
            .collect();
        let after = (after.map_or(Unbounded, Excluded), Unbounded);
        let page = found.range::<str, _>(after).take(limit as usize);
        Ok(page.map(|(_, client)| client.clone()).collect())
    }
}

impl State {
    fn delete_client(&mut self, id: &ClientId, event: &AuditEvent) -> bool {
        if self.clients.remove(id).is_none() {
            return false;
        }
        self.used_clients.remove(id);
        self.remove_authorizations(|authorization| authorization.client == *id);
        self.consents.retain(|(_, client), _| client != id);
        for resource in self.resources.values_mut() {
            resource.client = resource.client.take().filter(|client| client != id);
        }
        self.withdrawals.retain(|(_, client), _| client != id);
        self.audit_events.push(event.clone());
        true
    }

    fn is_unused(&self, client: &Client, since: DateTime<Utc>) -> bool {
        let used_at = self.used_clients.get(&client.id).unwrap_or(&client.created_at);
        let authorized = |kept: &crate::KeptAuthorization| {
            kept.recorded.as_ref().is_some_and(|authorization| authorization.client == client.id)
        };
        client.registration.as_ref().is_some_and(SelfRegistration::is_unattended)
            && *used_at <= since
            && !self.consents.keys().any(|(_, consented)| *consented == client.id)
            && !self.authorizations.values().any(authorized)
    }
}
