//! Turning on a second factor during a login: where the operator or the client demands one, and the user has none.

use domain::interaction::FirstStep;
use domain::{Caller, Methods, PasskeyName, Secret, User};

use super::Login;
use super::new_session::NewSession;
use super::passkey::PasskeyForm;
use super::second_step::Begun;
use super::source::Source;
use crate::browser::{Browser, OpenInteraction, Page, PageRedirect};
use crate::error::Error;
use crate::users::factors::{Confirmed, Enrolment};
use crate::users::passkeys::{Ceremony, NewPasskey, Place};

/// What the page shows.
pub struct EnrolmentView {
    /// The interaction of the page.
    pub open: OpenInteraction,
    /// The user's name.
    pub account: String,
    /// The app to turn on.
    pub app: Enrolment,
    /// The passkey to add instead, where that is possible.
    pub passkey: Option<Ceremony>,
    /// Whether a client waits for an answer, so that the user can cancel.
    pub can_cancel: bool,
}

/// What follows when a browser opens the page.
pub enum EnrolmentStep {
    /// The page.
    Show(Box<EnrolmentView>),
    /// The user has a second factor, and takes the second step with it.
    SecondStep(Box<PageRedirect>),
    /// The login took too long, or the user has changed: it begins again with the password.
    BeginAgain,
}

/// The posted form.
#[derive(Debug, Clone)]
pub struct EnrolmentForm {
    /// The interaction of the page.
    pub interaction: String,
    /// The token of the form.
    pub form_token: String,
    /// The sealed secret of the app.
    pub app: Secret,
    /// The code, as typed.
    pub code: Secret,
}

/// What became of the form.
pub enum EnrolmentOutcome {
    /// The app is turned on. The recovery codes are shown now; then the login goes on in this interaction.
    Done(Vec<String>, Box<OpenInteraction>),
    /// The code is wrong: the page again, and by how many minutes the clock of the app is fast, if it is.
    Wrong(Box<EnrolmentView>, Option<i64>),
    /// The passkey is added, and the user is signed in.
    SignedIn(NewSession),
    /// The passkey is not added: the page again.
    NoPasskey(Box<EnrolmentView>),
    /// What opening the page leads to.
    Other(EnrolmentStep),
}

impl Login {
    /// The page where the user turns on an app.
    ///
    /// # Errors
    /// As [`second_step_page`](Self::second_step_page).
    pub async fn enrolment_page(&self, interaction: &str, browser: &Browser) -> Result<EnrolmentStep, Error> {
        match self.begun(interaction, browser, self.context.now()).await? {
            Some(begun) => self.enrolment_step(begun),
            None => Ok(EnrolmentStep::BeginAgain),
        }
    }

    /// Adds the passkey that the browser has made. It has verified the user, so they are signed in.
    ///
    /// # Errors
    /// As [`submit_second_step`](Self::submit_second_step).
    pub async fn submit_passkey_enrolment(
        &self,
        form: &PasskeyForm,
        name: &PasskeyName,
        browser: &Browser,
        caller: &Caller,
    ) -> Result<EnrolmentOutcome, Error> {
        let now = self.context.now();
        browser.require_form_token(&form.interaction, &form.form_token)?;
        let begun = self.begun(&form.interaction, browser, now).await?;
        let (Some(begun), Some(enrolment)) = (begun, &self.passkey_enrolment) else {
            return Ok(EnrolmentOutcome::Other(EnrolmentStep::BeginAgain));
        };
        if begun.factors.ask_for_second_step() {
            return Ok(EnrolmentOutcome::Other(self.enrolment_step(begun)?));
        }
        let sent = (form.challenge.as_str(), form.answer.as_str());
        let named = (name, caller.address.as_str());
        match enrolment.confirm(place(&begun.open, &begun.user), &begun.user, sent, named).await? {
            NewPasskey::Done(passkey) => {
                let Begun { open, purpose, user, .. } = begun;
                let client = purpose.client().map(|(client, _)| client);
                let device = browser.device.as_ref();
                let source = Source::Browser { caller, device, client: client.as_ref() };
                let proven = (&user, Methods::PasswordAndPasskey(passkey.key_kind()));
                let interaction = Some(Box::new((open, purpose)));
                let signed_in = self.sign_in(proven, interaction, browser, (source, now)).await?;
                Ok(EnrolmentOutcome::SignedIn(signed_in))
            }
            NewPasskey::Expired | NewPasskey::Refused | NewPasskey::TooMany => {
                let app = self.enrolment.begin(&begun.user)?;
                Ok(EnrolmentOutcome::NoPasskey(Box::new(self.view(begun, app)?)))
            }
        }
    }

    /// Turns on the app if the code is right. The user is not signed in yet: the page with the recovery codes does that.
    ///
    /// # Errors
    /// As [`submit_second_step`](Self::submit_second_step).
    pub async fn submit_enrolment(
        &self,
        form: &EnrolmentForm,
        browser: &Browser,
        caller: &Caller,
    ) -> Result<EnrolmentOutcome, Error> {
        let now = self.context.now();
        browser.require_form_token(&form.interaction, &form.form_token)?;
        let Some(begun) = self.begun(&form.interaction, browser, now).await? else {
            return Ok(EnrolmentOutcome::Other(EnrolmentStep::BeginAgain));
        };
        let token = form.app.expose();
        let confirmed =
            self.enrolment.confirm(token, &begun.user, form.code.expose(), &caller.address).await?;
        let minutes = match confirmed {
            Confirmed::Done(codes) => {
                let step = FirstStep { enrolled_at: Some(now), ..begun.step };
                let open = self.interactions.with_first_step(begun.open, begun.purpose, step)?;
                return Ok(EnrolmentOutcome::Done(codes, Box::new(open)));
            }
            Confirmed::Wrong => None,
            Confirmed::WrongClock(minutes) => Some(minutes),
            Confirmed::Expired | Confirmed::HasApp => {
                return Ok(EnrolmentOutcome::Other(self.enrolment_step(begun)?));
            }
        };
        Ok(match self.enrolment.reopen(token, &begun.user)? {
            Some(app) => EnrolmentOutcome::Wrong(Box::new(self.view(begun, app)?), minutes),
            None => EnrolmentOutcome::Other(self.enrolment_step(begun)?),
        })
    }

    fn enrolment_step(&self, begun: Begun) -> Result<EnrolmentStep, Error> {
        if begun.factors.ask_for_second_step() {
            let redirect = PageRedirect { page: Page::SecondStep, open: begun.open };
            return Ok(EnrolmentStep::SecondStep(Box::new(redirect)));
        }
        let app = self.enrolment.begin(&begun.user)?;
        Ok(EnrolmentStep::Show(Box::new(self.view(begun, app)?)))
    }

    fn view(&self, Begun { open, purpose, user, .. }: Begun, app: Enrolment) -> Result<EnrolmentView, Error> {
        let passkey = match &self.passkey_enrolment {
            Some(enrolment) => enrolment.begin(place(&open, &user), &user, &[])?,
            None => None,
        };
        let can_cancel = purpose.client().is_some();
        Ok(EnrolmentView { open, account: user.username.as_str().to_owned(), app, passkey, can_cancel })
    }
}

/// Of this user: another one may begin in the same interaction.
fn place(open: &OpenInteraction, user: &User) -> Place {
    Place::new("enrolment", &open.binding, &format!("{}/{}", open.id.expose(), user.id))
}
