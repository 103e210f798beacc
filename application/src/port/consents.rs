//! Remembered consent.

use async_trait::async_trait;
use domain::{AuditEvent, Client, ClientId, Consent, UserId};

use super::Unavailable;

/// Keeps what users consented to, per user and client.
#[async_trait]
pub trait Consents: Send + Sync {
    /// Finds what this user consented to for this client.
    async fn find(&self, user: UserId, client: &ClientId) -> Result<Option<Consent>, Unavailable>;

    /// Adds a consent to what the user consented to before, for each resource by itself. Concurrent grants lose
    /// nothing. Nothing is remembered for a deleted user or client, also if another client was added under the same id
    /// and has another incarnation than the `client` that the user saw, nor for a consent that was withdrawn after it was
    /// granted, nor if the client has changed since in a way that ends the consents to it.
    async fn grant(&self, consent: &Consent, client: &Client) -> Result<(), Unavailable>;

    /// Up to `limit` consents of a user in the order of their clients, after the client `after`.
    async fn list(
        &self,
        user: UserId,
        after: Option<&ClientId>,
        limit: u32,
    ) -> Result<Vec<Consent>, Unavailable>;

    /// Deletes a consent, so that the next request asks again. Revokes everything that this user granted to this
    /// client until the event, also what is recorded only later, such as by a code that was issued before. Records
    /// the event in the same transaction. It is false, and no event is recorded, if there was nothing to withdraw. A grant
    /// that has ended with its session is nothing to withdraw.
    async fn withdraw(
        &self,
        user: UserId,
        client: &ClientId,
        event: &AuditEvent,
    ) -> Result<bool, Unavailable>;
}
