//! `registration` (OpenID Connect Core §7.2.1): not supported, and refused.

use domain::ErrorCode;

use crate::error::Refusal;
use crate::parameters::Parameters;

/// Refuses a parameter that would otherwise be ignored silently.
pub(super) fn check(parameters: &Parameters) -> Result<(), Refusal> {
    match parameters.get("registration") {
        Some(_) => Err(Refusal::new(ErrorCode::RegistrationNotSupported, "registration is not supported")),
        None => Ok(()),
    }
}
