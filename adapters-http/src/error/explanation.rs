//! The messages that an error page shows (RFC 6749 §4.1.2.1 leaves the words to the server).

use application::error::{Advice, Refusal};
use domain::ErrorCode;

/// What an error page says, as keys of messages.
#[derive(Clone, Copy)]
pub(super) struct Explanation {
    /// What happened.
    pub(super) heading: &'static str,
    /// What to do.
    pub(super) sentence: &'static str,
    /// The page of this server to do it on.
    pub(super) next: Option<Next>,
}

/// A page that leads on.
#[derive(Clone, Copy)]
pub(super) enum Next {
    Home,
    DeviceCode,
    SignOut,
}

const fn says(heading: &'static str, sentence: &'static str) -> Explanation {
    Explanation { heading, sentence, next: None }
}

const fn leads(explanation: Explanation, next: Next) -> Explanation {
    Explanation { next: Some(next), ..explanation }
}

/// There is no such page.
pub(super) const NOTHING_HERE: Explanation =
    leads(says("error-nothing-here-heading", "error-nothing-here"), Next::Home);
/// A limit is reached.
pub(super) const TOO_MANY_ATTEMPTS: Explanation =
    says("error-too-many-attempts-heading", "error-too-many-attempts");
/// A store does not answer, or there is no room.
pub(super) const UNAVAILABLE: Explanation = says("error-unavailable-heading", "error-unavailable");
const START_AGAIN: Explanation = says("error-expired-heading", "error-start-again");

/// The explanation of a refusal.
pub(super) fn explain(refusal: &Refusal) -> Explanation {
    refusal.advice.map_or_else(|| for_code(refusal.code), for_advice)
}

const fn for_code(code: ErrorCode) -> Explanation {
    match code {
        ErrorCode::InvalidClient => says("error-unknown-application-heading", "error-unknown-application"),
        ErrorCode::InvalidRequestUri => START_AGAIN,
        ErrorCode::TemporarilyUnavailable => UNAVAILABLE,
        ErrorCode::ServerError => says("error-mistake-heading", "error-mistake"),
        ErrorCode::InvalidToken
        | ErrorCode::InsufficientScope
        | ErrorCode::AccessDenied
        | ErrorCode::InvalidRequest
        | ErrorCode::InvalidGrant
        | ErrorCode::UnauthorizedClient
        | ErrorCode::UnsupportedGrantType
        | ErrorCode::UnsupportedResponseType
        | ErrorCode::InvalidScope
        | ErrorCode::InvalidTarget
        | ErrorCode::UnsupportedTokenType
        | ErrorCode::AuthorizationPending
        | ErrorCode::SlowDown
        | ErrorCode::ExpiredToken
        | ErrorCode::LoginRequired
        | ErrorCode::ConsentRequired
        | ErrorCode::InteractionRequired
        | ErrorCode::AccountSelectionRequired
        | ErrorCode::UnmetAuthenticationRequirements
        | ErrorCode::RequestNotSupported
        | ErrorCode::RequestUriNotSupported
        | ErrorCode::RegistrationNotSupported
        | ErrorCode::InvalidRequestObject
        | ErrorCode::InvalidRedirectUri
        | ErrorCode::InvalidClientMetadata
        | ErrorCode::InvalidSoftwareStatement
        | ErrorCode::UnapprovedSoftwareStatement => says("error-refused-heading", "error-refused"),
    }
}

const fn for_advice(advice: Advice) -> Explanation {
    match advice {
        Advice::StartAgain | Advice::OpenFreshPage => START_AGAIN,
        Advice::AllowCookies => says("error-allow-cookies-heading", "error-allow-cookies"),
        Advice::EnterCodeAgain => {
            leads(says("error-expired-heading", "error-enter-code-again"), Next::DeviceCode)
        }
        Advice::SignOutAgain => leads(says("error-expired-heading", "error-sign-out-again"), Next::SignOut),
        Advice::OpenAccountAgain => {
            leads(says("error-expired-heading", "error-open-account-again"), Next::Home)
        }
        Advice::OpenLinkAgain => says("error-expired-heading", "error-open-link-again"),
        Advice::RestartServer => says("error-set-up-link-heading", "error-set-up-link"),
        Advice::UsePkce => says("error-use-pkce-heading", "error-use-pkce"),
    }
}
