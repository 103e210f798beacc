//! The time, as an input.

use chrono::{DateTime, Utc};

/// Tells the time. Only the server's system clock asks the machine; tests move theirs by hand.
pub trait Clock: Send + Sync {
    /// Now, with at least millisecond resolution.
    fn now(&self) -> DateTime<Utc>;
}
