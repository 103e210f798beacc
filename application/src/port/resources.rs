//! Registered resource servers (RFC 8707, RFC 9728).

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{AuditEvent, Resource, ResourceIdentifier};

use super::Unavailable;

/// The outcome of a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegisteredResource {
    /// The resource is added.
    Done,
    /// Another resource has the identifier. Nothing changed.
    Taken,
    /// The client that the resource names is not registered. Nothing changed.
    NoSuchClient,
}

/// The outcome of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmendedResource {
    /// The resource is changed.
    Done,
    /// It was changed or deleted since. Nothing changed.
    Outdated,
    /// The client that it would name is not registered. Nothing changed.
    NoSuchClient,
}

/// Keeps the registered resource servers. Every write records its audit event in the same transaction. A write that is
/// refused records none.
#[async_trait]
pub trait Resources: Send + Sync {
    /// Adds a resource: of any number of concurrent calls for one identifier, however it is written, exactly one is
    /// [`RegisteredResource::Done`]. When the client that it names is deleted, it names none from then on, also if
    /// another client is added under that id.
    async fn register(
        &self,
        resource: &Resource,
        event: &AuditEvent,
    ) -> Result<RegisteredResource, Unavailable>;

    /// Replaces a resource if it is still `before`; the identifier, the incarnation and the time of registration stay. Of any
    /// number of concurrent calls with one `before`, at most one is [`AmendedResource::Done`]. The next `find` sees the
    /// replacement.
    async fn amend(
        &self,
        before: &Resource,
        after: &Resource,
        event: &AuditEvent,
    ) -> Result<AmendedResource, Unavailable>;

    /// Finds the resources of `ids` that are registered, by the normalised identifier, in the order of their normalised
    /// identifiers.
    async fn find(&self, ids: &[ResourceIdentifier]) -> Result<Vec<Resource>, Unavailable>;

    /// Up to `limit` resources in the order of their normalised identifiers, after the identifier `after`.
    async fn list(
        &self,
        after: Option<&ResourceIdentifier>,
        limit: u32,
    ) -> Result<Vec<Resource>, Unavailable>;

    /// Deletes a resource. It is false if there is no such resource. The next `find` does not see it. What was given for it is
    /// revoked from then on, also if another resource is registered under its identifier: authorizations that name its
    /// incarnation, their tokens, and clients' own tokens. This is remembered until `forget_at`.
    async fn delete(
        &self,
        id: &ResourceIdentifier,
        forget_at: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<bool, Unavailable>;
}
