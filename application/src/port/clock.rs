//! The time is an input.

use chrono::{DateTime, Utc};

/// Tells the time. The server's clock reads the system clock. A test sets its clock by hand.
pub trait Clock: Send + Sync {
    /// The time now, with a resolution of a millisecond or better.
    fn now(&self) -> DateTime<Utc>;
}
