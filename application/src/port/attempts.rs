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

/// One counter of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counter {
    /// Its key. Of the counters of one attempt, each has another key.
    pub key: AttemptKey,
    /// How many attempts it allows. Its window begins with the first one.
    pub limit: Limit,
    /// How much later each further attempt lets the window end.
    pub step: Duration,
}

impl Counter {
    /// A counter whose window ends when it would have ended without further attempts.
    #[must_use]
    pub const fn new(key: AttemptKey, limit: Limit) -> Self {
        Self { key, limit, step: Duration::zero() }
    }

    /// A counter that is kept the longer the more it has counted: each attempt adds `limit.window`.
    #[must_use]
    pub const fn growing(key: AttemptKey, limit: Limit) -> Self {
        Self { key, limit, step: limit.window }
    }
}

/// What is taken back from a counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forgiven {
    /// One attempt.
    One(AttemptKey),
    /// Every attempt.
    All(AttemptKey),
}

/// Whether an attempt is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// The attempt is counted and within the limit.
    Allowed,
    /// The attempt is over a limit. The last window of those that are full ends at this instant.
    Limited(DateTime<Utc>),
}

/// Counts attempts before they are made, so that concurrent guesses cannot exceed the limit.
#[async_trait]
pub trait Attempts: Send + Sync {
    /// Counts one attempt with all its counters, atomically: of many concurrent calls in one window, exactly
    /// `limit.attempts` are [`Attempt::Allowed`]. An attempt that is [`Attempt::Limited`] by any of its counters does not count
    /// with any. Each key is counted by itself.
    async fn count(&self, counters: &[Counter], now: DateTime<Utc>) -> Result<Attempt, Unavailable>;

    /// Takes attempts back, because they were not failures. Forgiving never allows more than the limit, and forgiving one
    /// key leaves the others counted. A counter of which all is forgiven allows its whole limit again.
    async fn forgive(&self, forgiven: &[Forgiven]) -> Result<(), Unavailable>;
}
