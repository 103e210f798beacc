//! What happens next with a valid request, decided without asking anybody.

use chrono::{DateTime, Utc};
use domain::{
    AuthenticationContext, AuthenticationContexts, AuthorizationRequest, ErrorCode, Session,
    SubjectIdentifier,
};

/// What happens next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// A code is issued.
    Grant,
    /// The user signs in first.
    Login,
    /// The user is asked for consent first.
    Consent,
    /// The client is told no.
    Refuse(ErrorCode, &'static str),
}

/// Who is signed in, as the client knows them.
pub(super) struct Known<'a> {
    pub(super) session: &'a Session,
    pub(super) subject: SubjectIdentifier,
}

/// Decides about the authentication; [`Decision::Consent`] means that it is settled.
///
/// A request that waits in an interaction which began at `waiting_since` is satisfied by an authentication after
/// that: the form is shown once, not in a loop. One that has just arrived waits since `None`.
pub(super) fn before_consent(
    contexts: &AuthenticationContexts,
    request: &AuthorizationRequest,
    known: Option<&Known<'_>>,
    waiting_since: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Decision {
    let login = || {
        if request.prompt.none {
            Decision::Refuse(ErrorCode::LoginRequired, "the user has to sign in")
        } else {
            Decision::Login
        }
    };
    let Some(Known { session, subject }) = known else {
        return login();
    };
    let just_signed_in = waiting_since.is_some_and(|began| session.auth_time >= began);
    if request.prompt.asks_for_login() && !just_signed_in {
        return login();
    }
    let too_old = |max_age| now - session.auth_time > max_age;
    if !just_signed_in && request.max_age().is_some_and(too_old) {
        return login();
    }
    let hinted = request.hinted_subject.is_none_or(|hinted| hinted == *subject);
    if !hinted || !request.claims.admits_subject(&subject.to_string()) {
        return if just_signed_in {
            Decision::Refuse(ErrorCode::LoginRequired, "another user signed in than the one expected")
        } else {
            login()
        };
    }
    if !request.admits(&contexts.reached(session.acr.as_deref())) {
        let every: Vec<_> = contexts.iter().map(AuthenticationContext::as_str).collect();
        return if just_signed_in || !request.admits(&every) {
            let description = "the user cannot be authenticated in the required context";
            Decision::Refuse(ErrorCode::UnmetAuthenticationRequirements, description)
        } else {
            login()
        };
    }
    Decision::Consent
}

/// Decides about the consent, once the authentication is settled.
pub(super) fn on_consent(request: &AuthorizationRequest, agreed: bool) -> Decision {
    match (agreed, request.prompt.none) {
        (true, _) => Decision::Grant,
        (false, true) => Decision::Refuse(ErrorCode::ConsentRequired, "the user has to agree"),
        (false, false) => Decision::Consent,
    }
}
