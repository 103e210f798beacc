//! Registered clients.

use async_trait::async_trait;
use domain::{AuditEvent, Client, ClientId};

use super::Unavailable;

/// What became of an insertion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inserted {
    /// It is there now.
    Done,
    /// The id is taken; nothing changed.
    IdTaken,
}

/// Keeps the registered clients. Every write keeps its audit event in the same transaction.
#[async_trait]
pub trait Clients: Send + Sync {
    /// The client with this id, disabled ones included.
    async fn find(&self, id: &ClientId) -> Result<Option<Client>, Unavailable>;

    /// Adds a client: of any number of concurrent calls for one id, exactly one is [`Inserted::Done`].
    async fn insert(&self, client: &Client, event: &AuditEvent) -> Result<Inserted, Unavailable>;

    /// Replaces the registration of a client if it is still `before`; false if it changed or went since, and then
    /// nothing is changed: of any number of concurrent calls with one `before`, at most one is true. The next
    /// `find` sees it.
    async fn amend(&self, before: &Client, after: &Client, event: &AuditEvent) -> Result<bool, Unavailable>;

    /// Removes a client, its authorizations, refresh tokens and consents; false if there was none.
    /// A resource server that it was is no client from then on.
    /// Tokens it was issued are revoked from then on, also if another client is added under its id.
    async fn delete(&self, id: &ClientId, event: &AuditEvent) -> Result<bool, Unavailable>;

    /// Up to `limit` clients in the order of their ids, after the one named.
    async fn list(&self, after: Option<&ClientId>, limit: u32) -> Result<Vec<Client>, Unavailable>;
}
