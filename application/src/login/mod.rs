//! Signing in: with a user name and a password, or with a passkey.

mod already_signed_in;
mod completion;
mod counters;
pub mod device_cookie;
mod enrolment;
mod new_session;
mod passkey;
pub mod password_verifier;
pub mod recorder;
mod second_step;
pub(crate) mod source;
mod way_back;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::interaction::Purpose;
use domain::{Caller, Client, DeskPage, ErrorReference, Methods, ReturnTo, Secret, UiLocales};

use crate::browser::{Browser, BrowserInteractions, BrowserSessions, OpenInteraction, PageRedirect};
use crate::context::Context;
use crate::error::Error;
use crate::login::password_verifier::{NextFactor, PasswordVerifier, Verified};
use crate::port::Clients;
use crate::users::factors::AppEnrolment;
use crate::users::passkeys::{Ceremony, PasskeyEnrolment, PasskeyVerifier};

pub use already_signed_in::SignedInView;
pub use enrolment::{EnrolmentForm, EnrolmentOutcome, EnrolmentStep, EnrolmentView};
pub use new_session::NewSession;
pub use passkey::{PasskeyForm, PasskeyOutcome, PasskeyProblem};
pub use second_step::{SecondStepForm, SecondStepOutcome, SecondStepView};
pub use source::Source;
pub use way_back::CameFrom;

/// Signs users in. `resume` then continues the interaction.
pub struct Login {
    /// The interactions that wait for a login.
    pub interactions: Arc<BrowserInteractions>,
    /// The sessions of browsers.
    pub sessions: Arc<BrowserSessions>,
    /// The registered clients, for the login page.
    pub clients: Arc<dyn Clients>,
    /// Verifies user names and passwords.
    pub passwords: Arc<PasswordVerifier>,
    /// Turns on authenticator apps, where one is demanded.
    pub enrolment: Arc<AppEnrolment>,
    /// Verifies passkeys; none where they are impossible.
    pub passkeys: Option<Arc<PasskeyVerifier>>,
    /// Adds passkeys, where a second factor is demanded; none where they are impossible.
    pub passkey_enrolment: Option<Arc<PasskeyEnrolment>>,
    /// The time.
    pub context: Context,
}

/// What the login page shows.
#[derive(Debug)]
pub struct LoginView {
    /// The interaction of the page.
    pub open: OpenInteraction,
    /// The client that sent the user here, if one did.
    pub client: Option<Client>,
    /// Whom "Cancel" leads to, if no operator vouches for the client (RFC 9700 §4.11.2).
    pub host: Option<String>,
    /// The initial value of the user name's field (`login_hint`).
    pub username: Option<String>,
    /// Whether a client waits for an answer, so that the user can cancel.
    pub can_cancel: bool,
    /// The sign-in with a passkey, where it is possible.
    pub passkey: Option<Ceremony>,
}

/// The posted login form.
#[derive(Debug, Clone)]
pub struct LoginForm {
    /// The interaction of the page.
    pub interaction: String,
    /// The token of the form.
    pub form_token: String,
    /// The user name, as typed.
    pub username: String,
    /// The password, as typed.
    pub password: Secret,
}

/// What became of a login.
#[derive(Debug)]
pub enum LoginOutcome {
    /// The user is signed in.
    SignedIn(NewSession),
    /// The password is right. The login goes on at this page.
    Continue(Box<PageRedirect>),
    /// The user name or the password is wrong. The page does not say which, so that an attacker cannot find out user
    /// names. The log says it under this reference.
    WrongCredentials(ErrorReference),
    /// Too many failures: the next attempt is possible at this time.
    Limited(DateTime<Utc>, ErrorReference),
}

impl Login {
    /// Begins an interaction for a login that no client requested. It leads to this page of ours.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub fn begin(
        &self,
        page: DeskPage,
        ui_locales: UiLocales,
        browser: &Browser,
    ) -> Result<OpenInteraction, Error> {
        self.interactions.begin(Purpose::Account { page, ui_locales }, browser, self.context.now())
    }

    /// Whether the user has cancelled the login of this interaction in any tab.
    #[must_use]
    pub fn was_cancelled(&self, interaction: &str, browser: &Browser) -> bool {
        self.interactions.was_cancelled(interaction, browser)
    }

    /// The login page of this interaction.
    ///
    /// # Errors
    /// `invalid_request` when the interaction is not this browser's, or is finished or expired.
    pub async fn page(&self, id: &str, browser: &Browser) -> Result<LoginView, Error> {
        let (open, purpose) = self.interactions.open_to_show(id, browser, self.context.now()).await?;
        let can_cancel = purpose.client().is_some();
        let unvetted_host = |client: &Option<Client>, return_to: &ReturnTo| {
            client
                .as_ref()
                .filter(|client| !client.is_vetted())
                .map(|_| return_to.redirect_uri().destination())
        };
        let (client, host, username) = match purpose {
            Purpose::Authorize(request) => {
                let client = self.clients.find(&request.client).await?;
                let host = unvetted_host(&client, &request.return_to);
                (client, host, request.login_hint)
            }
            // The login is for an error: only a client that the user has to be warned about is shown.
            Purpose::HeldError(held) => {
                let client = self.clients.find(&held.client).await?.filter(|client| !client.is_vetted());
                let host = unvetted_host(&client, &held.return_to);
                (client, host, None)
            }
            Purpose::SignOut { .. } | Purpose::Device { .. } | Purpose::Account { .. } => (None, None, None),
        };
        let passkey = self.passkey_to_sign_in(&open).await?;
        Ok(LoginView { open, client, host, username, can_cancel, passkey })
    }

    /// Verifies the form, and on success begins or renews the session, if the user needs no second step.
    ///
    /// # Errors
    /// `invalid_request` when the form is not from this browser's page; [`Error::Unavailable`] also when too many
    /// passwords wait to be hashed.
    pub async fn submit(
        &self,
        form: &LoginForm,
        browser: &Browser,
        caller: &Caller,
    ) -> Result<LoginOutcome, Error> {
        let now = self.context.now();
        browser.require_form_token(&form.interaction, &form.form_token)?;
        // A form that was posted twice signs the user in, too: `resume` gives the first answer again. Only at once: after a
        // logout, a browser may still have the form with its password in its history.
        let opened = match self.interactions.open(&form.interaction, browser, now).await {
            Ok(opened) => Ok(Box::new(opened)),
            Err(error @ Error::Unavailable(_)) => return Err(error),
            Err(error) => match self.interactions.find_ended(&form.interaction, browser, now).await? {
                Some(ended) if ended.is_recent(now) => Err(error),
                Some(_) | None => return Err(error),
            },
        };
        let client = opened.as_ref().ok().and_then(|opened| opened.1.client()).map(|(client, _)| client);
        let source = Source::Browser { caller, device: browser.device.as_ref(), client: client.as_ref() };
        match self.passwords.verify(&form.username, &form.password, source, now).await? {
            Verified::User(user, next) => match self.next_factor(next, opened.as_deref().ok()) {
                NextFactor::None => {
                    let proven = (&*user, Methods::Password);
                    let signed_in = self.sign_in(proven, opened.ok(), browser, (source, now)).await?;
                    Ok(LoginOutcome::SignedIn(signed_in))
                }
                next @ (NextFactor::SecondStep(_) | NextFactor::Enrolment) => {
                    // If another form has finished the interaction, there is nothing left that the second step is for.
                    let redirect = self.wait_for_second_step(&user, &next, *opened?, now)?;
                    Ok(LoginOutcome::Continue(Box::new(redirect)))
                }
            },
            Verified::Invalid(reference) => Ok(LoginOutcome::WrongCredentials(reference)),
            Verified::Limited(until, reference) => Ok(LoginOutcome::Limited(until, reference)),
        }
    }

    /// What the user needs, also if a client demands a context that needs two factors.
    fn next_factor(&self, next: NextFactor, opened: Option<&(OpenInteraction, Purpose)>) -> NextFactor {
        let contexts = &self.context.settings.authentication_contexts;
        let demands_two = opened.is_some_and(|(_, purpose)| match purpose {
            Purpose::Authorize(request) => {
                !request.admits(&contexts.reached_by(Methods::Password))
                    && request.admits(&contexts.reached_by(Methods::PasswordAndCode))
            }
            Purpose::HeldError(_)
            | Purpose::SignOut { .. }
            | Purpose::Device { .. }
            | Purpose::Account { .. } => false,
        });
        if demands_two && next == NextFactor::None { NextFactor::Enrolment } else { next }
    }
}
