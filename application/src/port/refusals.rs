//! What explains refused requests.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{ClientId, ErrorReference, KeptRefusal, RefusalId};

use super::Unavailable;

/// How many refusals are kept, so that strangers cannot fill a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefusalBounds {
    /// From one network.
    pub of_network: u32,
    /// Of one client.
    pub of_client: u32,
    /// Of all together.
    pub all: u32,
}

/// Keeps refusals until they expire. Strangers cause them, so their number is bounded.
#[async_trait]
pub trait Refusals: Send + Sync {
    /// Records refusals. One that is recorded already is not recorded again. Then it removes the oldest that are beyond the
    /// bounds: those of the networks of these refusals, those of their clients, and of all.
    async fn record(&self, refusals: &[KeptRefusal], bounds: RefusalBounds) -> Result<(), Unavailable>;

    /// The refusal under this reference, unless it has expired.
    async fn find(
        &self,
        reference: &ErrorReference,
        now: DateTime<Utc>,
    ) -> Result<Option<KeptRefusal>, Unavailable>;

    /// Up to `limit` refusals of requests that named this client, the latest first, without those that have expired. With
    /// `before`, only the refusals with a smaller id.
    async fn latest(
        &self,
        client: &ClientId,
        before: Option<RefusalId>,
        limit: u32,
        now: DateTime<Utc>,
    ) -> Result<Vec<KeptRefusal>, Unavailable>;
}
