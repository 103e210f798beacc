//! Audit events, as they came.

use application::port::{AuditTrail, Unavailable};
use async_trait::async_trait;
use domain::AuditEvent;

use crate::MemoryStore;

#[async_trait]
impl AuditTrail for MemoryStore {
    async fn latest(&self, limit: u32) -> Result<Vec<AuditEvent>, Unavailable> {
        let state = self.state();
        let latest = state.audit_events.iter().rev();
        Ok(latest.take(limit as usize).cloned().collect())
    }
}
