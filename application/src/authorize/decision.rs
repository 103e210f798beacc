//! Decides the next step of a valid request. These are rules only, without a store.

use chrono::{DateTime, Duration, Utc};
use domain::{
    AuthenticationContext, AuthenticationContexts, AuthorizationRequest, ErrorCode, Methods, Session,
    SubjectIdentifier,
};

use super::pending_request::PendingRequest;
use crate::port::SignedIn;
use crate::users::groups::NO_ACCESS;

/// How long the login that was made for a request counts as fresh for it, if `max_age` is shorter: as long as its user may read the
/// consent page.
const OWN_LOGIN_MAX_AGE: Duration = Duration::minutes(5);

/// What happens next.
pub(super) enum NextStep<'a> {
    /// The user signs in.
    SignIn,
    /// This user has no access to the client, and gets a page that says so.
    ExplainNoAccess(&'a SignedIn),
    /// This user must consent.
    AskConsent(&'a SignedIn),
    /// The client gets a code for this user.
    IssueCode(&'a SignedIn),
    /// The client gets this error.
    Refuse(ErrorCode, &'static str),
}

/// Whether the user's authentication meets the request.
pub(super) enum Authentication<'a> {
    /// It is, of this user.
    Sufficient(&'a SignedIn),
    /// The user has to sign in, for the first time or again.
    SignIn,
    /// The client gets this error.
    Refuse(ErrorCode, &'static str),
}

/// Judges the authentication of the user who is signed in, whom the client knows under this subject identifier, and who has a
/// second factor or not.
///
/// A request that demands a fresh authentication is satisfied by the login that was made for it, in its own interaction, and by
/// no other login of the browser. The login page is shown once, not in a loop.
pub(super) fn judge_authentication<'a>(
    contexts: &AuthenticationContexts,
    pending: &PendingRequest,
    (user, has_factor): (Option<(&'a SignedIn, SubjectIdentifier)>, bool),
    now: DateTime<Utc>,
) -> Authentication<'a> {
    let request = &pending.request;
    let sign_in = || {
        if request.prompt.none {
            Authentication::Refuse(ErrorCode::LoginRequired, "the user has to sign in")
        } else {
            Authentication::SignIn
        }
    };
    let Some((signed_in, subject)) = user else {
        return sign_in();
    };
    let session = &signed_in.session;
    let just_signed_in = pending.has_own_login_in(session);
    if request.prompt.asks_for_login() && !just_signed_in {
        return sign_in();
    }
    if has_factor
        && !just_signed_in
        && !request.prompt.none
        && prefers_two_factors(contexts, request, session)
    {
        return Authentication::SignIn;
    }
    let is_too_old = |max_age: Duration| {
        let max_age = if just_signed_in { max_age.max(OWN_LOGIN_MAX_AGE) } else { max_age };
        now - session.auth_time > max_age
    };
    if request.max_age().is_some_and(is_too_old) {
        return sign_in();
    }
    if !is_expected(request, &subject) {
        return if just_signed_in {
            let description = "another user signed in than the one expected";
            Authentication::Refuse(ErrorCode::LoginRequired, description)
        } else {
            sign_in()
        };
    }
    if !request.admits(&contexts.reached(session.acr.as_deref())) {
        let every: Vec<_> = contexts.iter().map(AuthenticationContext::as_str).collect();
        return if just_signed_in || !request.admits(&every) {
            let description = "the user cannot be authenticated in the required context";
            Authentication::Refuse(ErrorCode::UnmetAuthenticationRequirements, description)
        } else {
            sign_in()
        };
    }
    Authentication::Sufficient(signed_in)
}

/// Whether the request names a context, by preference, that a second factor would reach and the session has not (RFC 9470 §5). A
/// session that was begun with several factors reaches no more.
pub(super) fn prefers_two_factors(
    contexts: &AuthenticationContexts,
    request: &AuthorizationRequest,
    session: &Session,
) -> bool {
    let best = contexts.reached_by(Methods::PasswordAndCode);
    let reached = contexts.reached(session.acr.as_deref());
    let names_contexts = !request.acr_values.is_empty() || request.claims.wanted_contexts().next().is_some();
    names_contexts && !session.has_several_factors() && request.context(&best) != request.context(&reached)
}

/// Whether this is the user that the request names, by `id_token_hint` or in `claims`; any user if it names none.
fn is_expected(request: &AuthorizationRequest, subject: &SubjectIdentifier) -> bool {
    let hinted = request.hinted_subject.as_ref().is_none_or(|hinted| hinted == subject);
    hinted && request.claims.admits_subject(&subject.to_string())
}

/// The next step after a sufficient authentication. It depends on access to the client and on an earlier consent.
pub(super) fn after_authentication<'a>(
    request: &AuthorizationRequest,
    signed_in: &'a SignedIn,
    may_enter: bool,
    has_consent: bool,
) -> NextStep<'a> {
    match (has_consent, request.prompt.none) {
        (_, true) if !may_enter => NextStep::Refuse(ErrorCode::AccessDenied, NO_ACCESS),
        (_, false) if !may_enter => NextStep::ExplainNoAccess(signed_in),
        (true, _) => NextStep::IssueCode(signed_in),
        (false, true) => NextStep::Refuse(ErrorCode::ConsentRequired, "the user has to agree"),
        (false, false) => NextStep::AskConsent(signed_in),
    }
}
