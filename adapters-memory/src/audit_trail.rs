//! Audit events, in the order of their writes.

use application::port::{AuditTrail, EventFilter, KeptEvent, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::AuditEvent;

use crate::MemoryStore;

#[async_trait]
impl AuditTrail for MemoryStore {
    async fn latest(
        &self,
        filter: &EventFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<KeptEvent>, Unavailable> {
        let state = self.state();
        let wanted = |kept: &&KeptEvent| {
            before.is_none_or(|before| kept.number < before) && admits(filter, &kept.event)
        };
        Ok(state.audit_events.kept.iter().rev().filter(wanted).take(limit as usize).cloned().collect())
    }

    async fn forget(&self, time: DateTime<Utc>, batch: u32) -> Result<u64, Unavailable> {
        let mut state = self.state();
        let mut forgotten = 0;
        state.audit_events.kept.retain(|kept| {
            let goes = kept.event.at < time && forgotten < batch;
            forgotten += u32::from(goes);
            !goes
        });
        Ok(u64::from(forgotten))
    }
}

fn admits(filter: &EventFilter, event: &AuditEvent) -> bool {
    let EventFilter { actor, action, target, since, until } = filter;
    actor.as_ref().is_none_or(|actor| *actor == event.actor.name())
        && action.as_ref().is_none_or(|action| *action == event.action)
        && target.as_ref().is_none_or(|target| *target == event.target)
        && since.is_none_or(|since| event.at >= since)
        && until.is_none_or(|until| event.at < until)
}
