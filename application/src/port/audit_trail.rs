//! The audit events that administrative writes record.

use async_trait::async_trait;
use domain::AuditEvent;

use super::Unavailable;

/// An audit event with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptEvent {
    /// Larger than the numbers of all earlier events.
    pub number: i64,
    /// The event, as it was written.
    pub event: AuditEvent,
}

/// Reads the audit events. The write of another port records each event, in the transaction of that write.
#[async_trait]
pub trait AuditTrail: Send + Sync {
    /// Up to `limit` events, the latest first. With `before`, only the events before that number.
    async fn latest(&self, before: Option<i64>, limit: u32) -> Result<Vec<KeptEvent>, Unavailable>;
}
