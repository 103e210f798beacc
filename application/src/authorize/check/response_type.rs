//! `response_type=code`, for clients registered for it (RFC 6749 §3.1.1; OAuth 2.1 has no other).

use domain::refusal::GrantCause;
use domain::{Client, ErrorCode, GrantType, Quoted};

use crate::error::Refusal;
use crate::parameters::Parameters;

/// Admits `code`.
pub(super) fn check(client: &Client, parameters: &Parameters) -> Result<(), Refusal> {
    match parameters.require("response_type", "response_type is missing")? {
        "code" => {}
        other => {
            let refusal = Refusal::new(ErrorCode::UnsupportedResponseType, "response_type must be code");
            return Err(refusal.because(GrantCause::ResponseType(Quoted::new(other))));
        }
    }
    if client.grant_types.contains(&GrantType::AuthorizationCode) {
        return Ok(());
    }
    let description = "the client may not use the authorization code grant";
    Err(Refusal::new(ErrorCode::UnauthorizedClient, description)
        .because(GrantCause::not_registered(client, GrantType::AuthorizationCode)))
}
