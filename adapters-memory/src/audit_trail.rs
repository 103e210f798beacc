//! Audit events, in the order of their writes.

use application::port::{AuditTrail, KeptEvent, Unavailable};
use async_trait::async_trait;

use crate::MemoryStore;

#[async_trait]
impl AuditTrail for MemoryStore {
    async fn latest(&self, before: Option<i64>, limit: u32) -> Result<Vec<KeptEvent>, Unavailable> {
        let state = self.state();
        let numbered: Vec<_> = (1..).zip(&state.audit_events).collect();
        let latest =
            numbered.into_iter().rev().filter(|(number, _)| before.is_none_or(|before| *number < before));
        let latest = latest.map(|(number, event)| KeptEvent { number, event: event.clone() });
        Ok(latest.take(limit as usize).collect())
    }
}
