//! `response_type=code`, for clients registered for it (RFC 6749 §3.1.1; OAuth 2.1 has no other).

use domain::{Client, ErrorCode, GrantType};

use crate::error::{Refusal, excerpt};
use crate::parameters::Parameters;

/// Admits `code`.
pub(super) fn check(client: &Client, parameters: &Parameters) -> Result<(), Refusal> {
    match parameters.require("response_type", "response_type is missing")? {
        "code" => {}
        other => {
            let refusal = Refusal::new(ErrorCode::UnsupportedResponseType, "response_type must be code");
            return Err(refusal.because(format!("the response_type {} is not code", excerpt(other))));
        }
    }
    if client.grant_types.contains(&GrantType::AuthorizationCode) {
        return Ok(());
    }
    let description = "the client may not use the authorization code grant";
    let registered: Vec<_> = client.grant_types.iter().map(|grant| grant.as_str()).collect();
    Err(Refusal::new(ErrorCode::UnauthorizedClient, description)
        .because(format!("the client is registered for the grant types {registered:?} only")))
}
