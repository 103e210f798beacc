//! The message that an error page shows (RFC 6749 §4.1.2.1 leaves the words to the server).

use application::error::{Advice, Refusal};
use domain::ErrorCode;

/// The key of the message that explains a refusal.
pub(super) fn message_key(refusal: &Refusal) -> &'static str {
    refusal.advice.map_or_else(|| for_code(refusal.code), for_advice)
}

/// The key of the message that explains an error code.
const fn for_code(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::InvalidClient => "error-unknown-application",
        ErrorCode::InvalidRequestUri => "error-start-again",
        ErrorCode::TemporarilyUnavailable => "error-unavailable",
        ErrorCode::ServerError => "error-mistake",
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
        | ErrorCode::UnapprovedSoftwareStatement => "error-refused",
    }
}

/// The key of the message that gives this advice.
const fn for_advice(advice: Advice) -> &'static str {
    match advice {
        Advice::StartAgain | Advice::OpenFreshPage => "error-start-again",
        Advice::AllowCookies => "error-allow-cookies",
        Advice::EnterCodeAgain => "error-enter-code-again",
        Advice::SignOutAgain => "error-sign-out-again",
        Advice::OpenLinkAgain => "error-open-link-again",
        Advice::RestartServer => "error-set-up-link",
        Advice::UsePkce => "error-use-pkce",
    }
}
