//! The errors of administrative requests, in addition to the errors of every request.

use application::Error;
use application::client::administration::ClientAdministrationError;
use application::error::{Advice, Refusal};
use application::keys::NotRotated;
use application::users::UserAdministrationError;
use application::users::groups::GroupAdministrationError;
use axum::response::Response;
use domain::ErrorCode;
use http::{HeaderValue, StatusCode};

use super::Failure;
use crate::app::App;
use crate::extract::body::Unreadable;
use crate::extract::conditions::Conditions;
use crate::language::Language;

/// The description for a change whose precondition fails.
pub(super) const CHANGED: &str =
    "this is not what the request names in If-Match or If-None-Match: read it again";

/// Why an administrative request was not done.
#[derive(Debug)]
pub(crate) enum Problem {
    /// As for any other request.
    Error(Error),
    /// The object that the URL names does not exist.
    Unknown(Refusal),
    /// The change conflicts with stored data.
    Conflict(Refusal),
    /// A precondition of the request does not hold.
    Changed(Refusal),
    /// The body could not be read.
    Unreadable(Unreadable),
}

impl App {
    /// The answer to an administrative request.
    pub(crate) fn administered(&self, answer: Result<Response, Problem>) -> Response {
        let (refusal, status) = match answer {
            Ok(response) => return response,
            Err(Problem::Error(error)) => return self.bearer_error(&error),
            Err(Problem::Unreadable(unreadable)) => return self.unreadable_resource_request(unreadable),
            Err(Problem::Unknown(refusal)) => (refusal, StatusCode::NOT_FOUND),
            Err(Problem::Conflict(refusal)) => (refusal, StatusCode::CONFLICT),
            Err(Problem::Changed(refusal)) => (refusal, StatusCode::PRECONDITION_FAILED),
        };
        self.json(&Failure { status, ..self.failure(&refusal.into()) })
    }

    /// The same as a page.
    pub(crate) fn problem_page(&self, problem: Problem, language: Language) -> Response {
        let (refusal, status) = match problem {
            Problem::Error(error) => return self.error_page(&error, language),
            Problem::Unreadable(unreadable) => return self.unreadable_page(unreadable, language),
            Problem::Unknown(refusal) => (refusal, StatusCode::NOT_FOUND),
            Problem::Conflict(refusal) | Problem::Changed(refusal) => (refusal, StatusCode::CONFLICT),
        };
        let refusal = refusal.advising(Advice::OpenAccountAgain);
        self.page_of(&Failure { status, ..self.failure(&refusal.into()) }, language)
    }
}

impl Problem {
    /// Nothing has this id.
    pub(crate) const fn unknown(what: &'static str) -> Self {
        Self::Unknown(Refusal::new(ErrorCode::InvalidRequest, what))
    }

    /// Refuses a change of the entity with this tag unless the preconditions of the request hold.
    pub(crate) fn unless(conditions: &Conditions, tag: impl FnOnce() -> HeaderValue) -> Result<(), Self> {
        if conditions.admit(tag) {
            return Ok(());
        }
        Err(Self::Changed(Refusal::invalid_request(CHANGED)))
    }

    /// A precondition of the request does not hold, and nothing here has an entity tag.
    pub(crate) const fn untagged() -> Self {
        Self::Changed(Refusal::invalid_request("this address has no entity tag that If-Match could name"))
    }

    fn request(reason: &impl ToString) -> Refusal {
        let reason = reason.to_string();
        Refusal {
            code: ErrorCode::InvalidRequest,
            description: reason.clone().into(),
            detail: reason.into(),
            client: None,
            advice: None,
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::Error(refusal.into())
    }
}

impl From<Unreadable> for Problem {
    fn from(unreadable: Unreadable) -> Self {
        Self::Unreadable(unreadable)
    }
}

impl From<ClientAdministrationError> for Problem {
    fn from(error: ClientAdministrationError) -> Self {
        let reason = error.to_string();
        let metadata = || Refusal::invalid_client_metadata(reason.clone());
        match error {
            ClientAdministrationError::Invalid(problems) => Refusal::from(problems).into(),
            ClientAdministrationError::UnknownResource(_)
            | ClientAdministrationError::UnknownGroup(_)
            | ClientAdministrationError::NoSecret
            | ClientAdministrationError::NoRegistrationToken => metadata().into(),
            ClientAdministrationError::IdTaken(_) => Self::Conflict(metadata()),
            ClientAdministrationError::Unknown(_) => Self::unknown("there is no such client"),
            ClientAdministrationError::Contended(_) => Self::Conflict(Self::request(&reason)),
            ClientAdministrationError::Changed(_) => Self::Changed(Self::request(&reason)),
            ClientAdministrationError::Failed(error) => error.into(),
        }
    }
}

impl From<UserAdministrationError> for Problem {
    fn from(error: UserAdministrationError) -> Self {
        match error {
            UserAdministrationError::UsernameTaken(_) => {
                Self::Conflict(Self::request(&"username: the name is taken"))
            }
            UserAdministrationError::EmailTaken(_) => {
                Self::Conflict(Self::request(&"email: another user has this address"))
            }
            UserAdministrationError::Unknown => Self::unknown("there is no such user"),
            UserAdministrationError::UnknownSession => Self::unknown("the user has no such session"),
            UserAdministrationError::NoConsent => {
                Self::unknown("the user has granted nothing to this client")
            }
            UserAdministrationError::LastAdministrator
            | UserAdministrationError::CannotSignIn
            | UserAdministrationError::HasPassword
            | UserAdministrationError::Contended => Self::Conflict(Self::request(&error)),
            UserAdministrationError::Changed => Self::Changed(Self::request(&error)),
            UserAdministrationError::Invalid(_) | UserAdministrationError::Claim(_) => {
                Self::request(&error).into()
            }
            UserAdministrationError::Weak(weak) => Self::request(&format!("password: {weak}")).into(),
            UserAdministrationError::Failed(error) => error.into(),
        }
    }
}

impl From<GroupAdministrationError> for Problem {
    fn from(error: GroupAdministrationError) -> Self {
        match error {
            GroupAdministrationError::NameTaken(_) => {
                Self::Conflict(Self::request(&"name: the name is taken"))
            }
            GroupAdministrationError::Unknown => Self::unknown("there is no such group"),
            GroupAdministrationError::UnknownUser => Self::unknown("there is no such user"),
            GroupAdministrationError::Contended => Self::Conflict(Self::request(&error)),
            GroupAdministrationError::Changed => Self::Changed(Self::request(&error)),
            GroupAdministrationError::Invalid(invalid) => Self::request(&invalid).into(),
            GroupAdministrationError::Failed(error) => error.into(),
        }
    }
}

impl From<NotRotated> for Problem {
    fn from(error: NotRotated) -> Self {
        match error {
            NotRotated::TooFresh(_) | NotRotated::Lost => Self::Conflict(Self::request(&error)),
            NotRotated::Failed(error) => error.into(),
        }
    }
}
