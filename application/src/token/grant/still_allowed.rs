//! The part of a granted scope that is still allowed when tokens are issued.

use domain::{Client, ErrorCode, Scope};

use crate::error::Refusal;
use crate::settings::Settings;

/// The granted scope without the scopes that an operator has since removed from the client or the server.
///
/// # Errors
/// `invalid_scope` if no scope is left.
pub(super) fn still_allowed(granted: &Scope, client: &Client, settings: &Settings) -> Result<Scope, Refusal> {
    let scope = granted.filtered(|token| client.scope.contains(token) && settings.scopes.contains(token));
    if scope.is_empty() {
        return Err(Refusal::new(ErrorCode::InvalidScope, "none of the granted scopes is still allowed"));
    }
    Ok(scope)
}
