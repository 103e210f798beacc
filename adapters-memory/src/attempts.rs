//! Counters of attempts.

use application::port::{Attempt, Attempts, Counter, Forgiven, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::{KeptCounter, MemoryStore};

#[async_trait]
impl Attempts for MemoryStore {
    async fn count(&self, counters: &[Counter], now: DateTime<Utc>) -> Result<Attempt, Unavailable> {
        let mut state = self.state();
        let attempts = &mut state.attempts;
        let full = counters.iter().filter_map(|counter| {
            let kept = attempts.get(&counter.key.digest()).filter(|kept| kept.counts_at(now))?;
            (kept.attempts >= counter.limit.attempts).then_some(kept.restarts_at)
        });
        if let Some(until) = full.max() {
            return Ok(Attempt::Limited(until));
        }
        for Counter { key, limit, step } in counters {
            let first = KeptCounter { attempts: 0, restarts_at: now + limit.window - *step, step: *step };
            let kept = attempts.entry(key.digest()).or_insert(first);
            if !kept.counts_at(now) {
                *kept = first;
            }
            kept.attempts += 1;
            kept.restarts_at += *step;
        }
        Ok(Attempt::Allowed)
    }

    async fn forgive(&self, forgiven: &[Forgiven]) -> Result<(), Unavailable> {
        let mut state = self.state();
        for forgiven in forgiven {
            match forgiven {
                Forgiven::One(key) => {
                    if let Some(kept) = state.attempts.get_mut(&key.digest()).filter(|kept| kept.attempts > 0)
                    {
                        kept.attempts -= 1;
                        kept.restarts_at -= kept.step;
                    }
                }
                Forgiven::All(key) => {
                    if let Some(kept) = state.attempts.get_mut(&key.digest()) {
                        kept.attempts = 0;
                    }
                }
            }
        }
        Ok(())
    }
}
