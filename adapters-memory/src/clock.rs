//! A clock that a test sets by hand.

use std::sync::{Arc, Mutex, PoisonError};

use application::port::Clock;
use chrono::{DateTime, Duration, Utc};

/// A clock that shows the same time until a test changes it. A clone is the same clock.
#[derive(Debug, Clone)]
pub struct FixedClock {
    now: Arc<Mutex<DateTime<Utc>>>,
}

impl FixedClock {
    /// A clock that shows `now`.
    #[must_use]
    pub fn new(now: DateTime<Utc>) -> Self {
        Self { now: Arc::new(Mutex::new(now)) }
    }

    /// Sets the clock to `now`.
    pub fn set(&self, now: DateTime<Utc>) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    /// Advances the clock by `duration`. A negative duration sets it back.
    pub fn advance(&self, duration: Duration) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) += duration;
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_is_moved_with_the_clock() {
        let clock = FixedClock::new(DateTime::UNIX_EPOCH);
        let seen = clock.clone();
        clock.advance(Duration::milliseconds(1));
        assert_eq!(seen.now(), DateTime::UNIX_EPOCH + Duration::milliseconds(1));
        clock.set(DateTime::UNIX_EPOCH);
        assert_eq!(seen.now(), DateTime::UNIX_EPOCH);
    }
}
