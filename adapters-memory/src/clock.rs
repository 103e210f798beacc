//! A clock that a test sets by hand.

use std::sync::{Arc, Mutex, PoisonError};

use application::port::Clock;
use chrono::{DateTime, Duration, Utc};

/// Stands still until it is moved. A clone is the same clock.
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

    /// Shows `now` from here on.
    pub fn set(&self, now: DateTime<Utc>) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    /// Moves on by `duration`, or back if it is negative.
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
