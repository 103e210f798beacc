//! Registered clients.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{AuditEvent, Client, ClientId, UserId};

use super::Unavailable;

/// The outcome of an insertion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inserted {
    /// The client is added.
    Done,
    /// Another client has the id. Nothing changed.
    IdTaken,
    /// A group that it allows does not exist. Nothing changed.
    NoSuchGroup,
}

/// Which clients are wanted. Without conditions, all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientFilter {
    /// Only those whose name, in any case, or whose id begins with this text.
    pub begins_with: Option<String>,
    /// Only those that are enabled, or that are not.
    pub is_enabled: Option<bool>,
}

/// Keeps the registered clients. Every write records its audit event in the same transaction. A write that is refused
/// records none.
#[async_trait]
pub trait Clients: Send + Sync {
    /// Finds the client with this id, disabled clients included.
    async fn find(&self, id: &ClientId) -> Result<Option<Client>, Unavailable>;

    /// Adds a client: of any number of concurrent calls for one id, exactly one is [`Inserted::Done`].
    async fn insert(&self, client: &Client, event: &AuditEvent) -> Result<Inserted, Unavailable>;

    /// Replaces the registration of a client if it is still `before`. It is false, and nothing changes, if the client
    /// was changed or deleted since, or if it would allow a group that does not exist. Of any number of concurrent calls with one `before`, at most one is true. The next
    /// `find` sees the replacement. If the client gets other names for its users, or if it registered itself and shows itself
    /// in another way, redirects to another host or has a wider scope, the consents to it are deleted. If other groups are allowed
    /// than before, what users granted to it who may no longer enter is revoked. It stays revoked if they may again.
    async fn amend(&self, before: &Client, after: &Client, event: &AuditEvent) -> Result<bool, Unavailable>;

    /// Deletes a client with its authorizations, refresh tokens and consents. It is false if there is no such client.
    /// A resource that named this client names none from then on.
    /// The tokens of the client are revoked from then on, also if another client is added under its id.
    async fn delete(&self, id: &ClientId, event: &AuditEvent) -> Result<bool, Unavailable>;

    /// Remembers that the client is used at `now`. A use within a day of the last one may be forgotten.
    async fn mark_used(&self, id: &ClientId, now: DateTime<Utc>) -> Result<(), Unavailable>;

    /// Deletes up to `limit` clients that registered themselves and were not used after `since`, and answers how many. A client that
    /// has an authorization or a consent stays, and so does a client that is attended by an operator
    /// ([`is_unattended`](domain::self_registration::SelfRegistration::is_unattended)). Each deletion records its event, at `now`.
    async fn delete_unused(
        &self,
        since: DateTime<Utc>,
        limit: u32,
        now: DateTime<Utc>,
    ) -> Result<u64, Unavailable>;

    /// Up to `limit` enabled clients that let this user enter, in the order of their ids, after the id `after`. A client lets a user enter
    /// if it names no groups, or if the user is a member of one of them. A client that registered itself and is unattended
    /// ([`is_unattended`](domain::self_registration::SelfRegistration::is_unattended)) is not among them.
    async fn list_for_user(
        &self,
        user: UserId,
        after: Option<&ClientId>,
        limit: u32,
    ) -> Result<Vec<Client>, Unavailable>;

    /// Up to `limit` clients in the order of their ids, after the id `after`.
    async fn list(&self, after: Option<&ClientId>, limit: u32) -> Result<Vec<Client>, Unavailable>;

    /// Up to `limit` clients that meet the filter, in the order of their [names](Client::name_key), after the name `after`.
    async fn search(
        &self,
        filter: &ClientFilter,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Client>, Unavailable>;
}
