//! Counters of attempts.

use application::port::{Attempt, AttemptKey, Attempts, Limit, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::{Counter, MemoryStore};

#[async_trait]
impl Attempts for MemoryStore {
    async fn count(&self, key: AttemptKey, limit: Limit, now: DateTime<Utc>) -> Result<Attempt, Unavailable> {
        let mut state = self.state();
        let counter = state.attempts.entry(key.digest()).or_insert(Counter { attempts: 0, restarts_at: now });
        if counter.restarts_at <= now {
            *counter = Counter { attempts: 0, restarts_at: now + limit.window };
        }
        if counter.attempts >= limit.attempts {
            return Ok(Attempt::Limited(counter.restarts_at));
        }
        counter.attempts += 1;
        Ok(Attempt::Allowed)
    }

    async fn forgive(&self, key: AttemptKey) -> Result<(), Unavailable> {
        if let Some(counter) = self.state().attempts.get_mut(&key.digest()) {
            counter.attempts = counter.attempts.saturating_sub(1);
        }
        Ok(())
    }
}
