//! Continues an interaction after the user has signed in: each kind at the endpoint that started it.

use std::sync::Arc;

use domain::interaction::Purpose;
use domain::{AccountPage, DeskPage, UiLocales};

use crate::authorize::{AuthorizationEndpoint, Reply};
use crate::browser::{
    Browser, BrowserInteractions, BrowserSessions, OpenInteraction, PageRedirect, expired_page,
};
use crate::context::Context;
use crate::device::DeviceVerification;
use crate::error::Error;

/// Resumes interactions. Login does not know which endpoint waits for it; this type does.
pub struct Resume {
    /// The interactions that wait for a login.
    pub interactions: Arc<BrowserInteractions>,
    /// The sessions of browsers.
    pub sessions: Arc<BrowserSessions>,
    /// Resumes authorization requests.
    pub authorization: Arc<AuthorizationEndpoint>,
    /// Resumes the connection of a device.
    pub device_verification: Arc<DeviceVerification>,
    /// The time.
    pub context: Context,
}

/// Where the browser goes after a login.
#[derive(Debug)]
pub enum Resumed {
    /// The authorization request continues.
    Authorization(Reply),
    /// The authorization of a device continues.
    Device(PageRedirect),
    /// To a page of ours.
    Account(DeskPage, UiLocales),
    /// To the page of this interaction, which has ended: it says that the user is signed in.
    Ended,
}

impl Resume {
    /// Resumes the interaction of this token, if it has not ended. `browser` has the session cookie of the login.
    ///
    /// If another request finished the interaction in the meantime, because the login form was posted twice, the same user
    /// gets the answer of that request again for a minute.
    ///
    /// # Errors
    /// The errors of the endpoint that started the interaction.
    pub async fn after_login(
        &self,
        token: &str,
        interaction: Option<Box<(OpenInteraction, Purpose)>>,
        browser: &Browser,
    ) -> Result<Resumed, Error> {
        let Some(interaction) = interaction else {
            return self.repeat(token, browser).await;
        };
        match self.resume(*interaction, browser).await {
            Err(Error::Refused(refusal)) if refusal.wants_fresh_page() => self.repeat(token, browser).await,
            resumed => resumed,
        }
    }

    async fn repeat(&self, token: &str, browser: &Browser) -> Result<Resumed, Error> {
        let now = self.context.now();
        let signed_in = self.sessions.find(browser, now).await?;
        let user = signed_in.map(|signed_in| signed_in.user.id);
        let repeated = match self.interactions.find_ended(token, browser, now).await? {
            Some(ended) if ended.client().is_none() => return Ok(account_page(ended.purpose())),
            Some(ended) => self.authorization.repeat(&ended, user, now).await?,
            None => None,
        };
        Ok(repeated.map_or(Resumed::Ended, Resumed::Authorization))
    }

    async fn resume(
        &self,
        (open, purpose): (OpenInteraction, Purpose),
        browser: &Browser,
    ) -> Result<Resumed, Error> {
        let now = self.context.now();
        match purpose {
            Purpose::Authorize(request) => {
                let reply = self.authorization.resume(open, *request, browser, now).await?;
                Ok(Resumed::Authorization(reply))
            }
            Purpose::HeldError(held) => {
                let reply = self.authorization.resume_held_error(open, held, browser, now).await?;
                Ok(Resumed::Authorization(reply))
            }
            Purpose::Device { .. } => {
                Ok(Resumed::Device(self.device_verification.resume(open, browser, now).await?))
            }
            Purpose::Account { page, ui_locales } => {
                self.interactions.finish(&open, None, (), None, now).await?;
                Ok(Resumed::Account(page, ui_locales))
            }
            Purpose::SignOut { .. } => Err(expired_page("the interaction is not one to sign in for")),
        }
    }
}

/// Where a login that no client requested leads, if its interaction has ended.
fn account_page(purpose: &Purpose) -> Resumed {
    match purpose {
        Purpose::Account { page, ui_locales } => Resumed::Account(page.clone(), ui_locales.clone()),
        Purpose::Authorize(_) | Purpose::HeldError(_) | Purpose::SignOut { .. } | Purpose::Device { .. } => {
            Resumed::Account(AccountPage::Applications.into(), purpose.ui_locales())
        }
    }
}
