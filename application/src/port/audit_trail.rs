//! What administrative writes left behind, to be read.

use async_trait::async_trait;
use domain::AuditEvent;

use super::Unavailable;

/// Reads the audit events. They are written by the stores, each in the transaction of the write it tells of.
#[async_trait]
pub trait AuditTrail: Send + Sync {
    /// Up to `limit` events, the latest first.
    async fn latest(&self, limit: u32) -> Result<Vec<AuditEvent>, Unavailable>;
}
