//! `response_type=code`, for clients registered for it (RFC 6749 §3.1.1; OAuth 2.1 has no other).

use domain::{Client, ErrorCode, GrantType};

use crate::error::Refusal;
use crate::parameters::Parameters;

/// Admits `code`.
pub(super) fn check(client: &Client, parameters: &Parameters) -> Result<(), Refusal> {
    match parameters.require("response_type", "response_type is missing")? {
        "code" => {}
        _ => {
            return Err(Refusal::new(ErrorCode::UnsupportedResponseType, "response_type must be code"));
        }
    }
    if client.grant_types.contains(&GrantType::AuthorizationCode) {
        Ok(())
    } else {
        Err(Refusal::new(
            ErrorCode::UnauthorizedClient,
            "the client may not use the authorization code grant",
        ))
    }
}
