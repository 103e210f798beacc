//! The sign-in history of users.

use std::collections::BTreeSet;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{SignInEvent, SignInEventId, SignInKind, UserId};

use super::Unavailable;

/// Which events are wanted. Without conditions, all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignInFilter {
    /// Only those of this user.
    pub user: Option<UserId>,
    /// Only those of these kinds; of every kind if it is empty.
    pub kinds: BTreeSet<SignInKind>,
    /// Only those at this time or later.
    pub since: Option<DateTime<Utc>>,
    /// Only those before this time.
    pub until: Option<DateTime<Utc>>,
}

/// How many events of one user are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryBounds {
    /// Of the [failures](SignInKind::FAILURES), which strangers cause.
    pub failures: u32,
    /// Of all other kinds.
    pub others: u32,
}

/// Keeps the sign-in history. [`Sessions`](super::Sessions) records a sign-in with its session, and the write that changes a user
/// records what it did.
#[async_trait]
pub trait SignInEvents: Send + Sync {
    /// Records an event, unless it is recorded already or there is no such user. A lockout is recorded once for a user and the
    /// instant at which it ends.
    async fn record(&self, event: &SignInEvent) -> Result<(), Unavailable>;

    /// Up to `limit` events that meet the filter, the latest first. With `before`, only the events with a smaller id.
    async fn latest(
        &self,
        filter: &SignInFilter,
        before: Option<SignInEventId>,
        limit: u32,
    ) -> Result<Vec<SignInEvent>, Unavailable>;

    /// Removes the oldest events of a user that are beyond the bounds: failures make no room among the others, nor the others among
    /// the failures. It answers how many it removed.
    async fn trim(&self, user: UserId, bounds: HistoryBounds) -> Result<u64, Unavailable>;

    /// Removes up to `batch` events from before `time`, and answers how many it removed.
    async fn forget(&self, time: DateTime<Utc>, batch: u32) -> Result<u64, Unavailable>;
}
