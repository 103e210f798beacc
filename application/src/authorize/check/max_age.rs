//! `max_age` (OpenID Connect Core §3.1.2.1): seconds since the user authenticated.

use domain::Client;

use crate::error::{Refusal, excerpt};
use crate::parameters::Parameters;

/// The number of seconds, 0 to 4 294 967 295; the client's `default_max_age` if the request has none.
pub(super) fn check(client: &Client, parameters: &Parameters) -> Result<Option<u32>, Refusal> {
    let requested = parameters
        .get("max_age")
        .map(|text| {
            text.parse().map_err(|_| {
                let reason = format!("the max_age {} is no number of seconds", excerpt(text));
                Refusal::invalid_request("max_age must be a number of seconds").because(reason)
            })
        })
        .transpose()?;
    Ok(requested.or(client.authentication_defaults.max_age_seconds))
}
