//! Counters against guessing, shared between nodes.

use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::Digest;

use super::Unavailable;

/// What is counted together: a digest, so that no address or user name is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AttemptKey(Digest);

impl AttemptKey {
    /// The counter of one kind of attempt (`login.account`, `login.address`, …) on one subject.
    #[must_use]
    pub fn new(kind: &str, subject: &[&str]) -> Self {
        let mut parts = vec![kind.as_bytes()];
        parts.extend(subject.iter().map(|part| part.as_bytes()));
        Self(Digest::of_parts(&parts))
    }

    /// The key under which a store counts.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.0
    }
}

/// How many attempts in which time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// At most this many, at least 1.
    pub attempts: u32,
    /// Counted from the first one; then the counter starts again.
    pub window: Duration,
}

/// Whether an attempt may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// It was counted and is within the limit.
    Allowed,
    /// It is over the limit until this instant.
    Limited(DateTime<Utc>),
}

/// Counts attempts before they are made, so that concurrent guesses cannot slip through.
#[async_trait]
pub trait Attempts: Send + Sync {
    /// Counts one attempt, atomically: of any number of concurrent calls in one window, at most
    /// `limit.attempts` are [`Attempt::Allowed`]. One that is [`Attempt::Limited`] was not made and does not count.
    async fn count(&self, key: AttemptKey, limit: Limit, now: DateTime<Utc>) -> Result<Attempt, Unavailable>;

    /// Takes one counted attempt back: it turned out not to be a failure.
    async fn forgive(&self, key: AttemptKey) -> Result<(), Unavailable>;
}
