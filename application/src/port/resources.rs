//! Registered resource servers (RFC 8707, RFC 9728).

use async_trait::async_trait;
use domain::{AuditEvent, Resource, ResourceIdentifier};

use super::Unavailable;

/// What became of a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegisteredResource {
    /// It is there now.
    Done,
    /// The identifier is taken; nothing changed.
    Taken,
    /// The client that it is said to be is not registered; nothing changed.
    NoSuchClient,
}

/// Keeps the registered resource servers. Every write keeps its audit event in the same transaction.
#[async_trait]
pub trait Resources: Send + Sync {
    /// Adds a resource: of any number of concurrent calls for one identifier, exactly one is
    /// [`RegisteredResource::Done`]. From when its client is deleted, it is no client; also if another client is
    /// added under that id.
    async fn register(
        &self,
        resource: &Resource,
        event: &AuditEvent,
    ) -> Result<RegisteredResource, Unavailable>;

    /// Those of `ids` that are registered, in the order of their identifiers, by the exact text.
    async fn find(&self, ids: &[ResourceIdentifier]) -> Result<Vec<Resource>, Unavailable>;

    /// Up to `limit` resources in the order of their identifiers, after the one named.
    async fn list(
        &self,
        after: Option<&ResourceIdentifier>,
        limit: u32,
    ) -> Result<Vec<Resource>, Unavailable>;

    /// Removes a resource; false if there was none. The next `find` does not see it.
    async fn delete(&self, id: &ResourceIdentifier, event: &AuditEvent) -> Result<bool, Unavailable>;
}
