//! The limits on data that strangers store here. Strangers are public clients and clients that registered themselves.
//!
//! Each address has a bound, and all addresses together have one, so that room is left for users who sign in. A
//! client of an operator that authenticates is not counted.
//!
//! See docs/decisions/limits.md.

use chrono::{DateTime, Utc};
use domain::Client;

use crate::error::{Error, Limited};
use crate::port::{Attempt, AttemptKey, Attempts, Counter, Limit};

/// A counter of stored items, with its limit.
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
/// counted. If only the shared bound is reached, the caller's own counter still counts: a refusal is work too, and a caller
/// that keeps asking must reach its own bound, after which nothing is written.
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
