//! `request`, `request_uri` and `registration` (OpenID Connect Core §6, §7.2.1): not supported, and said so.
//! The `request_uri` of a pushed request does not come here.

use domain::ErrorCode;

use crate::error::Refusal;
use crate::parameters::Parameters;

/// Refuses what would otherwise be silently ignored.
pub(super) fn check(parameters: &Parameters) -> Result<(), Refusal> {
    let refused = |name, code, description| match parameters.get(name) {
        Some(_) => Err(Refusal::new(code, description)),
        None => Ok(()),
    };
    refused("request", ErrorCode::RequestNotSupported, "request objects are not supported")?;
    refused("request_uri", ErrorCode::RequestUriNotSupported, "request_uri is not supported")?;
    refused("registration", ErrorCode::RegistrationNotSupported, "registration is not supported")
}
