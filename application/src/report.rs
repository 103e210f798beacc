//! The one log line of an error, under the reference that its answer carries.

use domain::ErrorReference;

use crate::error::{Error, excerpt};
use crate::port::Entropy;

/// Logs an error with its private reason, and gives it its reference. `client` is the `client_id` of the request, as far as
/// it is known; it may be a false claim. Every error is reported once, by whoever answers it.
#[must_use]
pub fn report(error: &Error, client: Option<&str>, entropy: &dyn Entropy) -> ErrorReference {
    let reference = ErrorReference::from_random(entropy.bytes());
    let client = client.map(excerpt);
    let client = client.as_deref().map(|quoted| quoted.trim_matches('"'));
    match error {
        Error::Refused(refusal) => {
            tracing::info!(%reference, client, error = %refusal.code, reason = %refusal.detail, "refused");
        }
        Error::Limited(limited) => {
            tracing::warn!(%reference, client, reason = %limited, "too many attempts");
        }
        Error::Unavailable(unavailable) => {
            tracing::error!(%reference, client, reason = %unavailable, "unavailable");
        }
    }
    reference
}
