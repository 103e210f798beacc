//! The bounds on what strangers make the server keep: clients that anyone can act as, or that anyone may have registered.
//!
//! Each address has a bound, and all addresses together have one, so that the room which is left is for those who sign in. A
//! client of an operator that authenticates is not counted.
//!
//! See docs/decisions/limits.md.

use chrono::{DateTime, Utc};
use domain::Client;

use crate::error::{Error, Limited};
use crate::port::{Attempt, AttemptKey, Attempts, Counter, Limit};

/// A counter of what is kept, and how much is allowed.
pub(crate) struct Bound<'a> {
    pub(crate) counter: AttemptKey,
    pub(crate) limit: Limit,
    /// What is counted, for the log.
    pub(crate) what: &'a str,
}

/// Whether what this client sends is a stranger's: the client has no credential, or registered itself.
pub(crate) const fn is_a_stranger(client: &Client) -> bool {
    client.is_public() || client.registration.is_some()
}

/// Counts one more thing that is kept for a caller, and for all callers. If the caller's own bound is reached, nothing is
/// counted. If only that of all is reached, the caller's own counter counts all the same: a refusal is work too, and a caller
/// that asks again and again has to meet its own bound, at which nothing is written any more.
///
/// # Errors
/// [`Error::Limited`]: the caller's own bound, or that of all.
pub(crate) async fn count(
    attempts: &dyn Attempts,
    own: Bound<'_>,
    shared: Bound<'_>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let counters = [&own, &shared].map(|bound| Counter::new(bound.counter, bound.limit));
    let Attempt::Limited(until) = attempts.count(&counters, now).await? else {
        return Ok(());
    };
    // Whose bound it is: only the caller's own is counted now.
    match attempts.count(&counters[..1], now).await? {
        Attempt::Limited(until) => Err(Limited::new(until, own.what, own.limit).into()),
        Attempt::Allowed => Err(Limited::shared(until, shared.what, shared.limit).into()),
    }
}
