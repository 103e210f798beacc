//! Interactions: the logins, consents and verifications that browsers are in the middle of.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{Digest, Interaction};

use super::Unavailable;

/// The outcome of finishing an interaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finished {
    /// This call finished it.
    First,
    /// The interaction was finished before, has expired, or never existed.
    Gone,
}

/// Keeps unfinished interactions under the digest of their id.
#[async_trait]
pub trait Interactions: Send + Sync {
    /// Keeps an interaction until it expires. A key that is taken is an error, and its interaction stays.
    async fn begin(&self, key: Digest, interaction: &Interaction) -> Result<(), Unavailable>;

    /// Finds the interaction, unless it is finished or has expired at `now`.
    async fn find(&self, key: Digest, now: DateTime<Utc>) -> Result<Option<Interaction>, Unavailable>;

    /// Finishes an interaction, atomically: of any number of concurrent calls for one key,
    /// exactly one is [`Finished::First`].
    async fn finish(&self, key: Digest, now: DateTime<Utc>) -> Result<Finished, Unavailable>;
}
