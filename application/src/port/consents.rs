//! Remembered consent.

use async_trait::async_trait;
use domain::{AuditEvent, ClientId, Consent, UserId};

use super::Unavailable;

/// Keeps what users agreed to, per user and client.
#[async_trait]
pub trait Consents: Send + Sync {
    /// What this user agreed to with this client.
    async fn find(&self, user: UserId, client: &ClientId) -> Result<Option<Consent>, Unavailable>;

    /// Remembers a consent, added to what was agreed before, at each resource for itself; concurrent grants lose
    /// nothing.
    /// Nothing is remembered of a user or client that is gone, nor of what was withdrawn since it was granted.
    async fn grant(&self, consent: &Consent) -> Result<(), Unavailable>;

    /// Up to `limit` consents of a user in the order of their clients, after the one named.
    async fn of_user(
        &self,
        user: UserId,
        after: Option<&ClientId>,
        limit: u32,
    ) -> Result<Vec<Consent>, Unavailable>;

    /// Forgets a consent, so that the next request asks again, and revokes all that this user granted to this client
    /// until the event; also what is recorded only later, such as by a code that was issued before. The event is kept
    /// in the same transaction. False if nothing was there to withdraw yet; then no event is kept.
    async fn withdraw(
        &self,
        user: UserId,
        client: &ClientId,
        event: &AuditEvent,
    ) -> Result<bool, Unavailable>;
}
