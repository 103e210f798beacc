//! The part of a granted scope that is still allowed when tokens are issued.

use domain::refusal::ScopeCause;
use domain::scope::OFFLINE_ACCESS;
use domain::{Client, ErrorCode, Scope};

use crate::error::Refusal;
use crate::resource::target::Target;
use crate::settings::Settings;

/// The granted scope without the scopes that an operator has since removed from the client or the server.
///
/// # Errors
/// `invalid_scope` if no scope is left.
pub(super) fn still_allowed(
    granted: &Scope,
    client: &Client,
    settings: &Settings,
    target: &Target,
) -> Result<Scope, Refusal> {
    let allowed = target.allowed_scope(settings, client);
    let scope = granted.filtered(|token| allowed.contains(token) && settings.has_scope(token, client));
    if scope.is_empty() && !granted.is_empty() {
        return Err(Refusal::new(ErrorCode::InvalidScope, "none of the granted scopes is still allowed")
            .because(ScopeCause::Withdrawn { granted: granted.into() }));
    }
    Ok(scope)
}

/// The part of the `granted` scope that an access token for `target` has (RFC 9068 §2.2.3).
///
/// # Errors
/// `invalid_scope` if these resources have none of it.
pub(super) fn scope_at(target: &Target, granted: &Scope) -> Result<Scope, Refusal> {
    let scope = target.token_scope(granted);
    if scope.is_empty() && granted.iter().any(|token| token != OFFLINE_ACCESS) {
        let description = "the requested resources have none of the granted scopes";
        return Err(Refusal::new(ErrorCode::InvalidScope, description)
            .because(ScopeCause::NotAtResource { scope: granted.into() }));
    }
    Ok(scope)
}
