//! Counters of attempts, shared by all nodes: the limit against guessing.

use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::Digest;

use super::Unavailable;

/// The key of one counter. It is a digest, so that no store keeps an address or a user name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AttemptKey(Digest);

impl AttemptKey {
    /// The key of one kind of attempt (`login.account`, `login.address`, …) on one subject.
    #[must_use]
    pub fn new(kind: &str, subject: &[&str]) -> Self {
        let mut parts = vec![kind.as_bytes()];
        parts.extend(subject.iter().map(|part| part.as_bytes()));
        Self(Digest::of_parts(&parts))
    }

    /// The key with this digest.
    #[must_use]
    pub const fn kept(digest: Digest) -> Self {
        Self(digest)
    }

    /// The digest that a store keeps.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.0
    }
}

/// How many attempts are allowed in which time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// The number of attempts that are allowed: at least 1.
    pub attempts: u32,
    /// The window begins with the first attempt. After it the counter starts again.
    pub window: Duration,
}

/// Whether an attempt is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// The attempt is counted and within the limit.
    Allowed,
    /// The attempt is over the limit. The window ends at this instant.
    Limited(DateTime<Utc>),
}

/// Counts attempts before they are made, so that concurrent guesses cannot exceed the limit.
#[async_trait]
pub trait Attempts: Send + Sync {
    /// Counts one attempt, atomically: of many concurrent calls in one window, exactly `limit.attempts` are
    /// [`Attempt::Allowed`]. An attempt that is [`Attempt::Limited`] does not count. Each key is counted by itself.
    async fn count(&self, key: AttemptKey, limit: Limit, now: DateTime<Utc>) -> Result<Attempt, Unavailable>;

    /// Takes one attempt back, because it was not a failure. Forgiving never allows more than the limit, and forgiving one
    /// key leaves the others counted.
    async fn forgive(&self, key: AttemptKey) -> Result<(), Unavailable>;
}
