//! `claims` (OpenID Connect Core §5.5): claims that the client requests one by one.

use domain::claims_request::InvalidClaimsRequest;
use domain::scope::OPENID;
use domain::{ClaimsRequest, Client, Scope};

use crate::error::Refusal;
use crate::parameters::Parameters;
use crate::settings::Settings;

/// The requested claims, without those whose scope the client may not request. Requests without `openid` ignore the
/// parameter.
pub(super) fn check(
    settings: &Settings,
    client: &Client,
    scope: &Scope,
    parameters: &Parameters,
) -> Result<ClaimsRequest, Refusal> {
    match parameters.get("claims") {
        Some(text) if scope.contains(OPENID) => {
            let claims: ClaimsRequest = text.parse().map_err(|invalid: InvalidClaimsRequest| {
                Refusal::invalid_request("claims is not valid").because(invalid.to_string())
            })?;
            Ok(claims.within(&client.scope, &settings.declared_scopes))
        }
        Some(_) | None => Ok(ClaimsRequest::default()),
    }
}
