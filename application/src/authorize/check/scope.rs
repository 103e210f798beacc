//! `scope` (RFC 6749 §3.3): what of it exists, and this client may request it.

use std::borrow::Cow;

use domain::refusal::ScopeCause;
use domain::scope::{ADMINISTRATION, OFFLINE_ACCESS};
use domain::{Client, ErrorCode, Quoted, Scope};

use crate::error::{Refusal, excerpt};
use crate::parameters::Parameters;
use crate::resource::target::Target;
use crate::settings::Settings;

/// What an endpoint does with scopes that the operator did not declare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UndeclaredScopes {
    /// They are ignored, and the answer says what was granted (OpenID Connect Core §3.1.2.1).
    Ignored,
    /// They are refused (RFC 6749 §5.2).
    Refused,
}

/// The scope to grant at `target`: the requested one, or the default. An `offline_access` that cannot apply is ignored
/// (OpenID Connect Core §11), and so is a scope without a meaning at the resources of the request (RFC 9068 §2.2.3).
pub(crate) fn check(
    settings: &Settings,
    client: &Client,
    parameters: &Parameters,
    target: &Target,
    undeclared: UndeclaredScopes,
) -> Result<Scope, Refusal> {
    let default = || default_scope(settings, client, target);
    let Some(asked) = requested(parameters)? else {
        let default = default();
        let is_missing = default.is_empty() && !target.is_for_resources();
        let description = "scope is missing, and the client has no default";
        let cause = || ScopeCause::Missing { allowed: (&client.scope).into() };
        return if is_missing { Err(refused(description, cause())) } else { Ok(default) };
    };
    let may_have = target.allowed_scope(settings, client);
    let can_be_offline = settings.may_refresh(client) && may_have.contains(OFFLINE_ACCESS);
    let asked = asked.filtered(|token| token != OFFLINE_ACCESS || can_be_offline);
    let declared = asked.filtered(|token| settings.has_scope(token, client));
    let unknown = asked.filtered(|token| !settings.has_scope(token, client));
    let (allowed, forbidden) = declared.split(&may_have);
    // What a client that registered itself may not have is left out, as in its registration (RFC 7591 §3.2.1). If nothing is
    // left, its request is like one without a scope.
    let is_narrowed = client.registration.is_some();
    let something_is_left = !allowed.is_empty() || (is_narrowed && target.is_for_resources());
    let passes = |part: &Scope, is_left_out: bool| part.is_empty() || (is_left_out && something_is_left);
    if !passes(&forbidden, is_narrowed) {
        let description = format!("the client may not ask for the scope {}", shortened(&forbidden));
        return Err(refused(description, not_allowed(client, &forbidden, &asked, &may_have)));
    }
    if !passes(&unknown, undeclared == UndeclaredScopes::Ignored) {
        let cause = ScopeCause::unknown(&unknown, &asked, &settings.scopes);
        return Err(refused(format!("unknown scope {}", shortened(&unknown)), cause));
    }
    let grantable = target.grantable(&allowed);
    if !is_only_offline(&grantable) {
        return Ok(grantable);
    }
    if target.is_for_resources() && (is_narrowed || is_only_offline(&allowed)) {
        return Ok(default().union(&grantable));
    }
    match (is_only_offline(&allowed), grantable.is_empty()) {
        (true, false) => Ok(grantable),
        (true, true) => {
            let cause = ScopeCause::Missing { allowed: (&may_have).into() };
            Err(refused("offline_access cannot be granted alone", cause))
        }
        (false, _) => {
            let description =
                format!("the requested resources do not have the scope {}", shortened(&allowed));
            Err(refused(description, ScopeCause::NotAtResource { scope: (&allowed).into() }))
        }
    }
}

/// The scope of a request that names none: the client's default, or else that of the resources. It may be empty.
pub(crate) fn default_scope(settings: &Settings, client: &Client, target: &Target) -> Scope {
    let own = target.grantable(&client.default_scope());
    let own = own.filtered(|token| settings.declared_scopes.is_default(token));
    let scope = if own.is_empty() {
        let may_have = target.allowed_scope(settings, client);
        target.default_scope(settings).filtered(|token| may_have.contains(token))
    } else {
        own
    };
    scope.filtered(|token| settings.scopes.contains(token))
}

/// Refuses a scope with `administration` to a grant without a page that warns of it and asks for a fresh authentication.
///
/// # Errors
/// `invalid_scope`.
pub(crate) fn refuse_administration(scope: Scope) -> Result<Scope, Refusal> {
    if scope.contains(ADMINISTRATION) {
        let description = "the scope administration needs an authorization request; no other grant gives it";
        return Err(refused(description, ScopeCause::NeedsUser(Quoted::new(ADMINISTRATION))));
    }
    Ok(scope)
}

/// Whether there is nothing to do with it at a resource.
fn is_only_offline(scope: &Scope) -> bool {
    scope.iter().all(|token| token == OFFLINE_ACCESS)
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
fn refused(description: impl Into<Cow<'static, str>>, cause: ScopeCause) -> Refusal {
    Refusal::described(ErrorCode::InvalidScope, description).because(cause)
}

fn not_allowed(client: &Client, forbidden: &Scope, asked: &Scope, may_have: &Scope) -> ScopeCause {
    let registered_itself = client.registration.is_some();
    let allowed = if registered_itself { may_have } else { &client.scope };
    ScopeCause::NotAllowed {
        scope: forbidden.into(),
        asked: asked.into(),
        allowed: allowed.into(),
        registered_itself,
    }
}

/// The first characters of a scope: a description is a sentence.
pub(crate) fn shortened(scope: &Scope) -> String {
    let text = scope.to_string();
    if text.len() <= MAX_NAMED_BYTES { text } else { format!("{}...", &text[..MAX_NAMED_BYTES]) }
}

/// How much of a scope a description names. Scopes are ASCII.
const MAX_NAMED_BYTES: usize = 100;
