//! Remembered consent.

use std::collections::hash_map::Entry;

use application::port::{Consents, Unavailable};
use async_trait::async_trait;
use domain::{AuditEvent, Client, ClientId, Consent, UserId};

use crate::{MemoryStore, State};

#[async_trait]
impl Consents for MemoryStore {
    async fn find(&self, user: UserId, client: &ClientId) -> Result<Option<Consent>, Unavailable> {
        Ok(self.state().consents.get(&(user, client.clone())).cloned())
    }

    async fn grant(&self, consent: &Consent, client: &Client) -> Result<(), Unavailable> {
        let mut state = self.state();
        let is_same =
            |kept: &Client| kept.incarnation == client.incarnation && client.keeps_consents_as(kept);
        let is_known = state.clients.get(&consent.client).is_some_and(is_same);
        if !state.users.contains_key(&consent.user) || !is_known {
            return Ok(());
        }
        let agreement = (consent.user, consent.client.clone());
        if state.withdrawals.get(&agreement).is_some_and(|withdrawn| consent.granted_at <= *withdrawn) {
            return Ok(());
        }
        match state.consents.entry(agreement) {
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

    async fn list(
        &self,
        user: UserId,
        after: Option<&ClientId>,
        limit: u32,
    ) -> Result<Vec<Consent>, Unavailable> {
        let state = self.state();
        let theirs = state.consents.values().filter(|consent| consent.user == user);
        let mut page: Vec<_> =
            theirs.filter(|consent| after.is_none_or(|after| consent.client > *after)).cloned().collect();
        page.sort_by(|a, b| a.client.cmp(&b.client));
        page.truncate(limit as usize);
        Ok(page)
    }

    async fn withdraw(
        &self,
        user: UserId,
        client: &ClientId,
        event: &AuditEvent,
    ) -> Result<bool, Unavailable> {
        let mut state = self.state();
        let agreement = (user, client.clone());
        let mut withdrawn = state.consents.remove(&agreement).is_some();
        let State { authorizations, sessions, .. } = &mut *state;
        for kept in authorizations.values_mut() {
            let theirs = kept.recorded.as_ref().filter(|it| it.user == user && it.client == *client);
            let Some(theirs) = theirs.filter(|_| !kept.revoked && event.at < kept.expires_at) else {
                continue;
            };
            let is_live = |id| sessions.get(&id).is_some_and(|kept| kept.is_live(event.at));
            withdrawn |= theirs.is_offline() || theirs.session.is_none_or(is_live);
            kept.revoked = true;
        }
        if state.users.contains_key(&user) && state.clients.contains_key(client) {
            state.withdrawals.insert(agreement, event.at);
        }
        if withdrawn {
            state.audit_events.push(event.clone());
        }
        Ok(withdrawn)
    }
}
