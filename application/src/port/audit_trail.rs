//! What administrative writes left behind, to be read.

use async_trait::async_trait;
use domain::AuditEvent;

use super::Unavailable;

/// An event as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptEvent {
    /// Larger than those of all events that were kept before.
    pub number: i64,
    /// What happened.
    pub event: AuditEvent,
}

/// Reads the audit events. They are written by the stores, each in the transaction of the write it tells of.
#[async_trait]
pub trait AuditTrail: Send + Sync {
    /// Up to `limit` events, the latest first; those before the one of this number, if one is given.
    async fn latest(&self, before: Option<i64>, limit: u32) -> Result<Vec<KeptEvent>, Unavailable>;
}
