//! `scope` (RFC 6749 §3.3): what of it exists, and this client may request it.

use std::borrow::Cow;

use domain::scope::OFFLINE_ACCESS;
use domain::{Client, ErrorCode, GrantType, Scope};

use crate::error::{Refusal, excerpt};
use crate::parameters::Parameters;
use crate::settings::Settings;

/// What becomes of scopes that nobody declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UndeclaredScopes {
    /// They are ignored, and the answer says what was granted (OpenID Connect Core §3.1.2.1).
    Ignored,
    /// They are refused (RFC 6749 §5.2).
    Refused,
}

/// The requested scope, or the client's default. An `offline_access` that cannot apply is ignored
/// (OpenID Connect Core §11).
pub(crate) fn check(
    settings: &Settings,
    client: &Client,
    parameters: &Parameters,
    undeclared: UndeclaredScopes,
) -> Result<Scope, Refusal> {
    let requested = requested(parameters)?;
    let asked = requested.clone().unwrap_or_else(|| client.default_scope());
    let can_be_offline = settings.refresh_token_grant
        && client.grant_types.contains(&GrantType::RefreshToken)
        && client.scope.contains(OFFLINE_ACCESS);
    let asked = asked.filtered(|token| token != OFFLINE_ACCESS || can_be_offline);
    let (declared, unknown) = asked.split(&settings.scopes);
    let (allowed, forbidden) = declared.split(&client.scope);
    // What a client that registered itself may not have is left out, as in its registration (RFC 7591 §3.2.1).
    let is_narrowed = client.registration.is_some();
    let is_refused = |part: &Scope, is_left_out: bool| !part.is_empty() && (allowed.is_empty() || !is_left_out);
    if requested.is_some() && is_refused(&unknown, undeclared == UndeclaredScopes::Ignored) {
        return Err(refused(settings, client, &asked, format!("unknown scope {}", shortened(&unknown))));
    }
    if is_refused(&forbidden, is_narrowed) {
        return Err(refused(settings, client, &asked, format!("the client may not ask for the scope {}", shortened(&forbidden))));
    }
    match (allowed.is_empty(), requested) {
        (false, _) => Ok(allowed),
        (true, None) => Err(refused(settings, client, &asked, "scope is missing, and the client has no default")),
        (true, Some(_)) => Err(refused(settings, client, &asked, "offline_access cannot be granted alone")),
    }
}

/// The scope of the request. Blanks alone are no scope.
///
/// # Errors
/// `invalid_scope` for a text that is no list of scopes.
pub(crate) fn requested(parameters: &Parameters) -> Result<Option<Scope>, Refusal> {
    let Some(text) = parameters.get("scope") else {
        return Ok(None);
    };
    let scope: Scope = text.parse().map_err(|_| {
        Refusal::new(ErrorCode::InvalidScope, "scope is malformed")
            .because(format!("the scope {} has characters that no scope has", excerpt(text)))
    })?;
    Ok(Some(scope).filter(|scope| !scope.is_empty()))
}

/// `invalid_scope`. No character of a scope needs escaping in the description (RFC 6749 §5.2).
fn refused(settings: &Settings, client: &Client, asked: &Scope, description: impl Into<Cow<'static, str>>) -> Refusal {
    Refusal::described(ErrorCode::InvalidScope, description).because(format!(
        "the client {} asked for the scope {}; it is registered for {}, and the server has {}",
        client.id,
        excerpt(&asked.to_string()),
        excerpt(&client.scope.to_string()),
        excerpt(&settings.scopes.to_string()),
    ))
}

/// The first characters of a scope: a description is a sentence.
pub(crate) fn shortened(scope: &Scope) -> String {
    let text = scope.to_string();
    if text.len() <= MAX_NAMED_BYTES { text } else { format!("{}...", &text[..MAX_NAMED_BYTES]) }
}

/// How much of a scope a description names. Scopes are ASCII.
const MAX_NAMED_BYTES: usize = 100;
