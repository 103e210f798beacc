//! The end of a login: the session of a user who has proven all that they have to.

use chrono::{DateTime, Utc};
use domain::interaction::{FirstStep, Purpose};
use domain::{Methods, User};

use super::Login;
use super::device_cookie::password_digest;
use super::new_session::NewSession;
use super::password_verifier::NextFactor;
use super::source::Source;
use crate::browser::{Browser, OpenInteraction, Page, PageRedirect};
use crate::error::Error;

impl Login {
    /// Begins or renews the session of a user who has authenticated with these methods. The time is one before the user was read:
    /// if the password has changed since, there is no session.
    pub(super) async fn sign_in(
        &self,
        (user, methods): (&User, Methods),
        interaction: Option<Box<(OpenInteraction, Purpose)>>,
        browser: &Browser,
        (source, now): (Source<'_>, DateTime<Utc>),
    ) -> Result<NewSession, Error> {
        let device = self.passwords.devices.renew(browser.device.as_ref(), user, now)?;
        let event = self.passwords.recorder.sign_in(user.id, methods, source, now);
        let session = self.sessions.sign_in((user, methods), browser, &event, now).await?;
        self.passwords.recorder.succeeded(&event, source.through());
        Ok(NewSession { session, device, interaction })
    }

    /// Keeps in the interaction that the password was right. No user is signed in, and nothing is stored.
    pub(super) fn wait_for_second_step(
        &self,
        user: &User,
        next: &NextFactor,
        (open, purpose): (OpenInteraction, Purpose),
        now: DateTime<Utc>,
    ) -> Result<PageRedirect, Error> {
        let step = FirstStep { user: user.id, password: password_digest(user), at: now, enrolled_at: None };
        let open = self.interactions.with_first_step(open, purpose, step)?;
        let page = match next {
            NextFactor::Enrolment => Page::Enrolment,
            NextFactor::SecondStep(_) | NextFactor::None => Page::SecondStep,
        };
        Ok(PageRedirect { page, open })
    }
}
