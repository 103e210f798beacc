//! Why a request was refused.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::explanation::moment;
use super::{
    AuthenticationCause, BearerTokenCause, Explanation, GrantCause, PkceCause, Quoted, RedirectCause,
    ResourceCause, ScopeCause, Sender,
};
use crate::ErrorCode;

/// Why a request was refused, with the facts that differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Who sent it.
    Authentication(AuthenticationCause),
    /// Where the answer should go.
    Redirect(RedirectCause),
    /// PKCE.
    Pkce(PkceCause),
    /// The scope.
    Scope(ScopeCause),
    /// The resources.
    Resource(ResourceCause),
    /// The grant, and what was presented for it.
    Grant(GrantCause),
    /// A token that was presented, or an ID token as a hint.
    BearerToken(BearerTokenCause),
    /// A rule that a sentence explains.
    Other(Quoted),
    /// A person could not sign in.
    SignIn(String),
    /// Too many requests or attempts.
    TooMany {
        /// What is counted, and how many are allowed.
        limit: Quoted,
        /// When they are allowed again.
        until: DateTime<Utc>,
    },
    /// A store or a service did not answer.
    Unavailable {
        /// Which.
        component: String,
    },
}

impl Cause {
    /// The explanation for an answer with this error code.
    #[must_use]
    pub fn explain(&self, code: ErrorCode, sender: Sender<'_>) -> Explanation {
        match self {
            Self::Authentication(cause) => cause.explain(sender),
            Self::Redirect(cause) => cause.explain(sender),
            Self::Pkce(cause) => cause.explain(sender),
            Self::Scope(cause) => cause.explain(sender),
            Self::Resource(cause) => cause.explain(sender),
            Self::Grant(cause) => cause.explain(sender),
            Self::BearerToken(cause) => cause.explain(sender),
            Self::Other(detail) => Explanation::new(code.as_str(), section(code), detail.to_string()),
            Self::SignIn(reason) => {
                let happened = format!("a person could not sign in: {reason}");
                Explanation::new("sign_in_failed", "NIST SP 800-63B §3.2.2", happened)
                    .here("look at the history of the person (`oauth2-server user events`)")
            }
            Self::TooMany { limit, until } => {
                Explanation::new("too_many_attempts", "RFC 6585 §4", format!("too many attempts; {limit}"))
                    .in_application(format!("wait until {}", moment(*until)))
                    .fact("again from", moment(*until))
            }
            Self::Unavailable { component } => {
                let happened = format!("{component} did not answer in time");
                Explanation::new("unavailable", section(code), happened)
                    .here("look for the line of this reference in the server's log")
                    .fact("component", component.as_str())
            }
        }
    }
}

impl Cause {
    /// The explanation as one sentence, for the log.
    #[must_use]
    pub fn sentence(&self, sender: Sender<'_>) -> String {
        // The code decides about nothing that the sentence says.
        self.explain(ErrorCode::InvalidRequest, sender).sentence()
    }
}

/// Where the code is written, for what has no rule of its own.
const fn section(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::InvalidRequest
        | ErrorCode::UnsupportedResponseType
        | ErrorCode::AccessDenied
        | ErrorCode::ServerError
        | ErrorCode::TemporarilyUnavailable => "RFC 6749 §4.1.2.1",
        ErrorCode::InvalidClient
        | ErrorCode::InvalidGrant
        | ErrorCode::UnauthorizedClient
        | ErrorCode::UnsupportedGrantType => "RFC 6749 §5.2",
        ErrorCode::InvalidScope => "RFC 6749 §3.3",
        ErrorCode::InvalidTarget => "RFC 8707 §2",
        ErrorCode::InvalidToken | ErrorCode::InsufficientScope => "RFC 6750 §3.1",
        ErrorCode::UnsupportedTokenType => "RFC 7009 §2.2.1",
        ErrorCode::AuthorizationPending | ErrorCode::SlowDown | ErrorCode::ExpiredToken => "RFC 8628 §3.5",
        ErrorCode::LoginRequired
        | ErrorCode::ConsentRequired
        | ErrorCode::InteractionRequired
        | ErrorCode::AccountSelectionRequired => "OpenID Connect Core §3.1.2.6",
        ErrorCode::UnmetAuthenticationRequirements => {
            "OpenID Connect Core Unmet Authentication Requirements 1.0 §2"
        }
        ErrorCode::RequestNotSupported | ErrorCode::RequestUriNotSupported => "OpenID Connect Core §6",
        ErrorCode::RegistrationNotSupported => "OpenID Connect Core §7.2.1",
        ErrorCode::InvalidRequestUri | ErrorCode::InvalidRequestObject => "RFC 9101 §7",
        ErrorCode::InvalidRedirectUri
        | ErrorCode::InvalidClientMetadata
        | ErrorCode::InvalidSoftwareStatement
        | ErrorCode::UnapprovedSoftwareStatement => "RFC 7591 §3.2.2",
    }
}

macro_rules! causes {
    ($($cause:ident => $variant:ident,)+) => {
        $(impl From<$cause> for Cause {
            fn from(cause: $cause) -> Self {
                Self::$variant(cause)
            }
        })+
    };
}

causes! {
    AuthenticationCause => Authentication,
    RedirectCause => Redirect,
    PkceCause => Pkce,
    ScopeCause => Scope,
    ResourceCause => Resource,
    GrantCause => Grant,
    BearerTokenCause => BearerToken,
}
