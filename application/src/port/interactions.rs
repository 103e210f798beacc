//! Interactions: the logins, consents and verifications of browsers.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::interaction::{Ending, KeptInteraction};
use domain::{Digest, Interaction};

use super::Unavailable;

/// The outcome of finishing an interaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finished {
    /// This call finished it.
    First,
    /// The interaction had ended before, in this way.
    Again(Ending),
    /// The interaction has expired, or never existed.
    Gone,
}

/// Keeps interactions under the digest of their id.
#[async_trait]
pub trait Interactions: Send + Sync {
    /// Keeps an interaction until it expires. A key that is taken is an error, and its interaction stays.
    async fn begin(&self, key: Digest, interaction: &Interaction) -> Result<(), Unavailable>;

    /// Finds the interaction or how it ended, unless it has expired at `now`.
    async fn find(&self, key: Digest, now: DateTime<Utc>) -> Result<Option<KeptInteraction>, Unavailable>;

    /// Finishes an interaction and keeps its ending in its place, atomically: of any number of concurrent calls for one
    /// key, exactly one is [`Finished::First`], and all others get the ending of that call. `ending` expires when the
    /// interaction expires.
    async fn finish(&self, key: Digest, ending: &Ending, now: DateTime<Utc>)
    -> Result<Finished, Unavailable>;
}
