//! The sign-in history of users.

use application::port::{HistoryBounds, SignInEvents, SignInFilter, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{SignInEvent, SignInEventId, UserId};

use crate::{MemoryStore, State};

#[async_trait]
impl SignInEvents for MemoryStore {
    async fn record(&self, event: &SignInEvent) -> Result<(), Unavailable> {
        let mut state = self.state();
        let again = |other: &SignInEvent| {
            event.until.is_some() && (other.user, other.until) == (event.user, event.until)
        };
        if !state.sign_in_events.values().any(again) {
            state.record_sign_in(event);
        }
        Ok(())
    }

    async fn latest(
        &self,
        filter: &SignInFilter,
        before: Option<SignInEventId>,
        limit: u32,
    ) -> Result<Vec<SignInEvent>, Unavailable> {
        let state = self.state();
        let wanted = |event: &&SignInEvent| {
            before.is_none_or(|before| event.id < before)
                && filter.user.is_none_or(|user| event.user == user)
                && (filter.kinds.is_empty() || filter.kinds.contains(&event.kind))
                && filter.since.is_none_or(|since| event.id >= SignInEventId::first_at(since))
                && filter.until.is_none_or(|until| event.id < SignInEventId::first_at(until))
        };
        Ok(state.sign_in_events.values().rev().filter(wanted).take(limit as usize).cloned().collect())
    }

    async fn trim(&self, user: UserId, bounds: HistoryBounds) -> Result<u64, Unavailable> {
        let mut state = self.state();
        let mut beyond = Vec::new();
        for (failures, bound) in [(true, bounds.failures), (false, bounds.others)] {
            let theirs = state
                .sign_in_events
                .values()
                .rev()
                .filter(|event| event.user == user && event.kind.is_failure() == failures);
            beyond.extend(theirs.skip(bound as usize).map(|event| event.id));
        }
        state.sign_in_events.retain(|id, _| !beyond.contains(id));
        Ok(beyond.len() as u64)
    }

    async fn forget(&self, time: DateTime<Utc>, batch: u32) -> Result<u64, Unavailable> {
        let mut state = self.state();
        let first = SignInEventId::first_at(time);
        let old: Vec<_> =
            state.sign_in_events.range(..first).map(|(id, _)| *id).take(batch as usize).collect();
        state.sign_in_events.retain(|id, _| !old.contains(id));
        Ok(old.len() as u64)
    }
}

impl State {
    /// Adds an event to the history of its user, if there is such a user.
    pub(crate) fn record_sign_in(&mut self, event: &SignInEvent) {
        if self.users.contains_key(&event.user) {
            self.sign_in_events.entry(event.id).or_insert_with(|| event.clone());
        }
    }
}
