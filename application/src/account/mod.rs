//! What people see and change of their own account. Every use case here is given the session of its person, and reaches nothing of
//! any other person.
//!
//! See docs/decisions/account.md.

mod activity;
mod applications;
mod connections;
mod data;
mod devices;
mod email;
mod factors;
mod notice;
mod passkeys;
mod password;
pub(crate) mod profile;

use std::sync::Arc;

use domain::{Actor, Author, Secret, Session, User};

use crate::browser::{Browser, BrowserSessions, form_token, no_cookies, session_form};
use crate::context::Context;
use crate::error::{Advice, Error, Refusal};
use crate::keys::sealed_texts::SealedTexts;
use crate::port::{Attempts, Clients, SignedIn};
use crate::users::factors::{AppEnrolment, FactorAdministration};
use crate::users::groups::Entry;
use crate::users::links::UserLinks;
use crate::users::passkeys::PasskeyEnrolment;
use crate::users::{UserAdministration, UserAdministrationError};

pub use applications::MAX_APPLICATIONS;
pub use data::RefusedDeletion;
pub use devices::Device;
pub use email::AskedEmail;
pub use notice::Notice;
pub use passkeys::PasskeyOffer;
pub use password::OtherDevices;
pub use profile::{OwnProfile, RefusedProfile};

/// The name of the forms of the account, in their tokens.
const FORM: &str = "account";

/// The account of the person who is signed in with a browser.
pub struct OwnAccount {
    /// Reads and changes users.
    pub users: Arc<UserAdministration>,
    /// Shows and removes second factors, passkeys too.
    pub factors: Arc<FactorAdministration>,
    /// Adds passkeys; none where they are impossible.
    pub passkey_enrolment: Option<Arc<PasskeyEnrolment>>,
    /// Turns on authenticator apps, and makes recovery codes.
    pub enrolment: Arc<AppEnrolment>,
    /// Makes the links that confirm e-mail addresses.
    pub links: Arc<UserLinks>,
    /// Counts those links.
    pub attempts: Arc<dyn Attempts>,
    /// The sessions of browsers.
    pub sessions: Arc<BrowserSessions>,
    /// The applications.
    pub clients: Arc<dyn Clients>,
    /// Who may enter them.
    pub entry: Arc<Entry>,
    /// Seals notices.
    pub sealed: Arc<SealedTexts>,
    /// The settings and the clock.
    pub context: Context,
}

impl OwnAccount {
    /// Who is signed in with this browser, if a person is.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn visitor(&self, browser: &Browser) -> Result<Option<SignedIn>, Error> {
        self.sessions.find(browser, self.context.now()).await
    }

    /// Whether the person of this session signed in so short ago that the session may open a sensitive page.
    #[must_use]
    pub fn is_fresh(&self, session: &Session) -> bool {
        self.context.now() - session.auth_time <= self.context.settings.lifetimes.fresh_sign_in
    }

    /// The token of the forms that only the person of this session may send, from the browser with this cookie.
    #[must_use]
    pub fn form_token(&self, binding: &Secret, session: &Session) -> String {
        form_token(binding, &session_form(FORM, session))
    }

    /// Checks that a form was shown to the person of this session in this browser.
    ///
    /// # Errors
    /// `invalid_request` if it was not.
    pub fn require_form(&self, browser: &Browser, session: &Session, token: &str) -> Result<(), Error> {
        match &browser.binding {
            None => Err(no_cookies()),
            Some(_) if browser.has_session_form_token(FORM, session, token) => Ok(()),
            Some(_) => {
                let expired = Refusal::invalid_request("this page has expired; open it again");
                let expired =
                    expired.because("the form does not carry the token of this browser and session");
                Err(expired.advising(Advice::OpenAccountAgain).into())
            }
        }
    }
}

/// The person as the author of a change, which a request from `address` made.
fn author(user: &User, address: &str) -> Author {
    Author::at(Actor::Person(user.id), address)
}

/// The error of a use case that was given a person who is signed in: only a deletion at the same moment can make them unknown.
fn unexpected(error: UserAdministrationError) -> Error {
    match error {
        UserAdministrationError::Failed(error) => error,
        refused @ (UserAdministrationError::UsernameTaken(_)
        | UserAdministrationError::EmailTaken(_)
        | UserAdministrationError::Unknown
        | UserAdministrationError::CannotSignIn
        | UserAdministrationError::HasPassword
        | UserAdministrationError::UnknownSession
        | UserAdministrationError::NoConsent
        | UserAdministrationError::LastAdministrator
        | UserAdministrationError::Changed
        | UserAdministrationError::Contended
        | UserAdministrationError::Invalid(_)
        | UserAdministrationError::Claim(_)
        | UserAdministrationError::Weak(_)) => {
            Refusal::invalid_request("the account cannot be changed like this; open the page again")
                .because(refused.to_string())
                .advising(Advice::OpenAccountAgain)
                .into()
        }
    }
}
