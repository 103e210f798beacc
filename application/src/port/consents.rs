//! Remembered consent.

use async_trait::async_trait;
use domain::{ClientId, Consent, UserId};

use super::Unavailable;

/// Keeps what users agreed to, per user and client.
#[async_trait]
pub trait Consents: Send + Sync {
    /// What this user agreed to with this client.
    async fn find(&self, user: UserId, client: &ClientId) -> Result<Option<Consent>, Unavailable>;

    /// Remembers a consent, added to what was agreed before, at each resource for itself; concurrent grants lose
    /// nothing.
    /// Nothing is remembered of a user or client that is gone.
    async fn grant(&self, consent: &Consent) -> Result<(), Unavailable>;

    /// Forgets a consent; the next request asks again.
    async fn revoke(&self, user: UserId, client: &ClientId) -> Result<(), Unavailable>;
}
