//! `scope` (RFC 6749 §3.3): it exists, and this client may request it.

use domain::scope::OFFLINE_ACCESS;
use domain::{Client, ErrorCode, GrantType, Scope};

use crate::error::Refusal;
use crate::parameters::Parameters;
use crate::settings::Settings;

/// The requested scope, or the client's default. An `offline_access` that cannot apply is ignored
/// (OpenID Connect Core §11).
pub(crate) fn check(settings: &Settings, client: &Client, parameters: &Parameters) -> Result<Scope, Refusal> {
    let refused = |description| Refusal::new(ErrorCode::InvalidScope, description);
    let requested = match parameters.get("scope") {
        Some(text) => text.parse().map_err(|_| refused("scope is malformed"))?,
        None => client.default_scope(),
    };
    let can_be_offline = settings.refresh_token_grant
        && client.grant_types.contains(&GrantType::RefreshToken)
        && client.scope.contains(OFFLINE_ACCESS);
    let scope = requested.filtered(|token| token != OFFLINE_ACCESS || can_be_offline);
    if scope.is_empty() {
        return Err(refused("scope is missing, and the client has no default"));
    }
    if !scope.is_subset_of(&client.scope) || !scope.is_subset_of(&settings.scopes) {
        return Err(refused("the client may not ask for this scope"));
    }
    Ok(scope)
}
