//! `registration` (OpenID Connect Core §7.2.1): not supported, and said so.

use domain::ErrorCode;

use crate::error::Refusal;
use crate::parameters::Parameters;

/// Refuses what would otherwise be silently ignored.
pub(super) fn check(parameters: &Parameters) -> Result<(), Refusal> {
    match parameters.get("registration") {
        Some(_) => Err(Refusal::new(ErrorCode::RegistrationNotSupported, "registration is not supported")),
        None => Ok(()),
    }
}
