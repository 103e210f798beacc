//! How interactions ended. An interaction that has not ended is kept by no store: it travels in the address.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::interaction::Ending;
use domain::{AuthorizationCode, Digest};

use super::Unavailable;

/// The outcome of finishing an interaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finished {
    /// This call finished it.
    First,
    /// The interaction had ended before, in this way.
    Again(Ending),
}

/// A code that an interaction is answered with.
#[derive(Debug, Clone)]
pub struct IssuedCode {
    /// The digest of its secret.
    pub digest: Digest,
    /// The code.
    pub code: AuthorizationCode,
}

/// Keeps how interactions ended, under the digest of their id.
#[async_trait]
pub trait Interactions: Send + Sync {
    /// Finds how the interaction ended, unless that has expired at `now`.
    async fn find_ending(&self, key: Digest, now: DateTime<Utc>) -> Result<Option<Ending>, Unavailable>;

    /// Finishes an interaction and keeps its ending, atomically: of any number of concurrent calls for one key, exactly one
    /// is [`Finished::First`], and all others get the ending of that call. The code of the first call is issued with it
    /// ([`AuthorizationCodes`](super::AuthorizationCodes)); no browser
    /// may learn the code of another call.
    async fn finish(
        &self,
        key: Digest,
        ending: &Ending,
        code: Option<&IssuedCode>,
    ) -> Result<Finished, Unavailable>;
}
