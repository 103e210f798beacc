//! The errors of use cases.

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, Utc};
use domain::refusal::{
    AuthenticationCause, BearerTokenCause, Cause, GrantCause, PkceCause, RedirectCause, ResourceCause,
    ScopeCause, Sender,
};
use domain::{ClientId, ErrorCode, Quoted};

use crate::port::{Limit, PasswordsError, Unavailable};

/// Why a use case failed. Nothing was changed, unless the use case says otherwise.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request is refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Too many requests or attempts.
    #[error(transparent)]
    Limited(#[from] Limited),
    /// A store or service did not answer. The same request may succeed later.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Too many requests or attempts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Limited {
    /// When they are allowed again.
    pub until: DateTime<Utc>,
    /// Whose they are and how many are allowed, for the log only.
    pub detail: String,
    /// Whether all callers together reached it: then the server has no room, and the caller has done nothing wrong.
    pub is_shared: bool,
    /// Whether the attempts were wrong guesses at a secret.
    pub is_guessing: bool,
}

impl Limited {
    /// More than `limit` of `what`.
    #[must_use]
    pub fn new(until: DateTime<Utc>, what: &str, limit: Limit) -> Self {
        let Limit { attempts, window } = limit;
        let detail = format!("{what}: at most {attempts} in {} s", window.num_seconds());
        Self { until, detail, is_shared: false, is_guessing: false }
    }

    /// The same, of wrong guesses at a secret.
    #[must_use]
    pub fn of_guesses(self) -> Self {
        Self { is_guessing: true, ..self }
    }

    /// More than `limit` of `what`, by all callers together.
    #[must_use]
    pub fn shared(until: DateTime<Utc>, what: &str, limit: Limit) -> Self {
        Self { is_shared: true, ..Self::new(until, what, limit) }
    }
}

/// A request that is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct Refusal {
    /// The error code of the specification.
    pub code: ErrorCode,
    /// The public description: stable, and safe to show to everyone.
    pub description: Cow<'static, str>,
    /// The precise reason, for the log and for administrators only.
    pub detail: Detail,
    /// The client of the request, where that is known from something else than a parameter.
    pub client: Option<ClientId>,
    /// What the user can do, if the code does not say it.
    pub advice: Option<Advice>,
}

/// The precise reason of a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    /// A sentence.
    Text(Cow<'static, str>),
    /// A rule, with the facts that differ.
    Cause(Box<Cause>),
}

impl Detail {
    /// The line of the log, about this client.
    #[must_use]
    pub fn sentence(&self, client: Option<&str>) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Cause(cause) => Cow::Owned(cause.sentence(Sender::new(client))),
        }
    }

    /// What explains the refusal.
    #[must_use]
    pub fn cause(&self) -> Cause {
        match self {
            Self::Text(text) => Cause::Other(Quoted::new(text)),
            Self::Cause(cause) => (**cause).clone(),
        }
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence(None))
    }
}

macro_rules! details {
    ($($cause:ty,)+) => {
        $(impl From<$cause> for Detail {
            fn from(cause: $cause) -> Self {
                Self::Cause(Box::new(cause.into()))
            }
        })+
    };
}

details! {
    AuthenticationCause,
    BearerTokenCause,
    GrantCause,
    PkceCause,
    RedirectCause,
    ResourceCause,
    ScopeCause,
}

impl From<&'static str> for Detail {
    fn from(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Detail {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

/// What a user can do about a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// Go back to the application and start again: the page cannot be used any more.
    StartAgain,
    /// Show a fresh page of this server: the interaction of the old page is finished, expired or unknown.
    OpenFreshPage,
    /// Allow cookies, and start again: the browser sent none of this server's.
    AllowCookies,
    /// Enter the code of the device again.
    EnterCodeAgain,
    /// Sign out again.
    SignOutAgain,
    /// Open the page of the account again.
    OpenAccountAgain,
    /// Open the set-up link again.
    OpenLinkAgain,
    /// Get a new set-up link: restart the server.
    RestartServer,
    /// Tell the people who run the application: it has to use PKCE, or an operator exempts it.
    UsePkce,
}

/// A password could not be hashed or verified, so nothing was decided.
impl From<PasswordsError> for Error {
    fn from(error: PasswordsError) -> Self {
        Self::Unavailable(Unavailable { component: "passwords", reason: error.to_string() })
    }
}

impl Refusal {
    /// A refusal whose public description is the whole reason.
    #[must_use]
    pub const fn new(code: ErrorCode, description: &'static str) -> Self {
        Self {
            code,
            description: Cow::Borrowed(description),
            detail: Detail::Text(Cow::Borrowed(description)),
            client: None,
            advice: None,
        }
    }

    /// A refusal whose public description is made for it, and is the whole reason.
    #[must_use]
    pub fn described(code: ErrorCode, description: impl Into<Cow<'static, str>>) -> Self {
        let description = description.into();
        let detail = Detail::Text(description.clone());
        Self { code, detail, description, client: None, advice: None }
    }

    /// The same refusal with a private reason for the log and for administrators.
    #[must_use]
    pub fn because(self, detail: impl Into<Detail>) -> Self {
        Self { detail: detail.into(), ..self }
    }

    /// The same refusal, of a request of this client.
    #[must_use]
    pub fn to_client(self, client: &ClientId) -> Self {
        Self { client: Some(client.clone()), ..self }
    }

    /// Whether a fresh page of this server is a better response than an error.
    #[must_use]
    pub fn wants_fresh_page(&self) -> bool {
        self.advice == Some(Advice::OpenFreshPage)
    }

    /// The same refusal, with what the user can do.
    #[must_use]
    pub fn advising(self, advice: Advice) -> Self {
        Self { advice: Some(advice), ..self }
    }

    /// `invalid_request` with a public description (RFC 6749 §5.2).
    #[must_use]
    pub const fn invalid_request(description: &'static str) -> Self {
        Self::new(ErrorCode::InvalidRequest, description)
    }

    /// `invalid_client`: the client is not authenticated (RFC 6749 §5.2).
    #[must_use]
    pub fn invalid_client(detail: impl Into<Detail>) -> Self {
        Self::new(ErrorCode::InvalidClient, "client authentication failed").because(detail)
    }

    /// `invalid_grant`, with the same public description for every reason (RFC 6749 §5.2).
    #[must_use]
    pub fn invalid_grant(detail: impl Into<Detail>) -> Self {
        Self::new(ErrorCode::InvalidGrant, "the grant is invalid, expired, revoked or not for this client")
            .because(detail)
    }

    /// `invalid_token` (RFC 6750 §3.1).
    #[must_use]
    pub fn invalid_token(detail: impl Into<Detail>) -> Self {
        Self::new(ErrorCode::InvalidToken, "the access token is invalid, expired or revoked").because(detail)
    }

    /// `invalid_client_metadata` with a public description (RFC 7591 §3.2.2).
    #[must_use]
    pub fn invalid_client_metadata(description: impl Into<Cow<'static, str>>) -> Self {
        Self::described(ErrorCode::InvalidClientMetadata, description)
    }
}

/// The most characters of a value that a log line repeats.
const MAX_EXCERPT_CHARACTERS: usize = 200;

/// A value from outside for a log line: quoted, escaped and not too long. It must not be a secret.
#[must_use]
pub fn excerpt(value: &str) -> String {
    match value.char_indices().nth(MAX_EXCERPT_CHARACTERS) {
        None => format!("{value:?}"),
        Some((end, _)) => format!("{:?} and {} bytes more", &value[..end], value.len() - end),
    }
}

/// Signing or encrypting failed on this server; the client cannot change that.
#[must_use]
pub fn broken_key(reason: &impl ToString) -> Error {
    Error::Unavailable(Unavailable { component: "keys", reason: reason.to_string() })
}
