//! `max_age` (OpenID Connect Core §3.1.2.1): seconds since the user authenticated.

use crate::error::Refusal;
use crate::parameters::Parameters;

/// The number of seconds, 0 to 4 294 967 295.
pub(super) fn check(parameters: &Parameters) -> Result<Option<u32>, Refusal> {
    parameters
        .get("max_age")
        .map(|text| text.parse().map_err(|_| Refusal::invalid_request("max_age must be a number of seconds")))
        .transpose()
}
