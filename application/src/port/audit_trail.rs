//! The audit events that administrative writes record.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
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

/// Which audit events are wanted. Without conditions, all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Only those of the actor with this id, or of this kind if it has no id.
    pub actor: Option<String>,
    /// Only those with this action.
    pub action: Option<String>,
    /// Only those about this target.
    pub target: Option<String>,
    /// Only those at this time or later.
    pub since: Option<DateTime<Utc>>,
    /// Only those before this time.
    pub until: Option<DateTime<Utc>>,
}

/// Reads the audit events. The write of another port records each event, in the transaction of that write.
#[async_trait]
pub trait AuditTrail: Send + Sync {
    /// Up to `limit` events that meet the filter, the latest first. With `before`, only the events before that number.
    async fn latest(
        &self,
        filter: &EventFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<KeptEvent>, Unavailable>;

    /// Removes up to `batch` events from before `time`, and answers how many it removed. The numbers of the others stay.
    async fn forget(&self, time: DateTime<Utc>, batch: u32) -> Result<u64, Unavailable>;
}
