//! Interactions: begun for one browser, opened only by it. `ended.rs` finishes them.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::interaction::{FirstStep, LIFETIME, OwnLogin, Purpose};
use domain::redirect_uri::VerifiedRedirectUri;
use domain::{ClientId, Digest, Incarnation, Interaction, Secret, Session, UiLocales};
use serde::{Deserialize, Serialize};

use super::cookies::{Browser, form_token, session_form};
use super::ended_page::{expired_page, no_cookies, unknown_interaction};
use crate::context::Context;
use crate::error::Error;
use crate::keys::sealed_texts::SealedTexts;
use crate::port::Interactions;

/// The purpose that an interaction is sealed for.
const INTERACTION: &str = "interaction";

/// The room that the login of its user needs in an interaction.
const LOGIN_BYTES: usize = 512;

/// The interactions of browsers.
pub struct BrowserInteractions {
    /// How they ended.
    pub interactions: Arc<dyn Interactions>,
    /// Seals them, for the address.
    pub sealed: Arc<SealedTexts>,
    /// Entropy for ids and binding cookies.
    pub context: Context,
}

/// An interaction as it travels.
#[derive(Serialize, Deserialize)]
struct Message {
    /// Under its digest a store keeps how the interaction ended. It stays when the interaction is sealed again.
    id: String,
    interaction: Interaction,
}

/// An interaction that this browser may continue.
#[derive(Debug, Clone)]
pub struct OpenInteraction {
    /// The sealed interaction, for the URL and the form.
    pub token: Secret,
    /// The value of the cookie it is bound to.
    pub binding: Secret,
    /// The languages that its pages should be in.
    pub ui_locales: UiLocales,
    /// The login that the user made in it, if they did.
    pub(crate) own_login: Option<OwnLogin>,
    /// The login in it that waits for its second step, if one does.
    pub(crate) first_step: Option<FirstStep>,
    /// Its id.
    pub(crate) id: Secret,
    /// The client that sent the user here, and its incarnation, if it is known.
    pub(super) client: Option<(ClientId, Incarnation)>,
    /// The redirect URI that the answer goes to, if it goes to one.
    pub(super) redirect_uri: Option<VerifiedRedirectUri>,
    /// When it can no longer be continued.
    pub(crate) expires_at: DateTime<Utc>,
}

impl OpenInteraction {
    fn new(token: &str, id: Secret, binding: Secret, interaction: &Interaction) -> Self {
        let Interaction { purpose, own_login, first_step, expires_at, .. } = interaction;
        Self {
            token: Secret::from(token),
            binding,
            ui_locales: purpose.ui_locales(),
            own_login: *own_login,
            first_step: *first_step,
            id,
            client: purpose.client(),
            redirect_uri: purpose.redirect_uri().cloned(),
            expires_at: *expires_at,
        }
    }

    /// The token of a form that any user of this browser may answer.
    #[must_use]
    pub fn form_token(&self) -> String {
        form_token(&self.binding, self.token.expose())
    }

    /// The token of a form that only the user of this session may answer.
    #[must_use]
    pub fn session_form_token(&self, session: &Session) -> String {
        form_token(&self.binding, &session_form(self.token.expose(), session))
    }
}

impl BrowserInteractions {
    /// Begins an interaction in this browser. Every interaction of one pushed request in one browser has the same id, so
    /// that they end with the same answer.
    ///
    /// # Errors
    /// `invalid_request` when the request is too long for an address.
    pub fn begin(
        &self,
        purpose: Purpose,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<OpenInteraction, Error> {
        let binding =
            browser.binding.clone().unwrap_or_else(|| Secret::from_random(self.context.entropy.bytes()));
        let id = match &purpose {
            Purpose::Authorize(request) => request.pushed.as_ref().map(|key| pushed_id(key, &binding)),
            Purpose::HeldError(_)
            | Purpose::SignOut { .. }
            | Purpose::Device { .. }
            | Purpose::Account { .. } => None,
        };
        let id = id.unwrap_or_else(|| Secret::from_random(self.context.entropy.bytes()));
        let expires_at = now + LIFETIME;
        let browser = binding.digest();
        let interaction = Interaction { browser, purpose, own_login: None, first_step: None, expires_at };
        self.seal(id, binding, interaction, LOGIN_BYTES)
    }

    /// The same interaction, whose purpose this is, in which a login waits for its second step.
    ///
    /// # Errors
    /// `invalid_request` when the request is too long for an address.
    pub fn with_first_step(
        &self,
        open: OpenInteraction,
        purpose: Purpose,
        step: FirstStep,
    ) -> Result<OpenInteraction, Error> {
        let OpenInteraction { id, binding, own_login, expires_at, .. } = open;
        let browser = binding.digest();
        let interaction = Interaction { browser, purpose, own_login, first_step: Some(step), expires_at };
        self.seal(id, binding, interaction, 0)
    }

    /// The same interaction, whose purpose this is, after the user has signed in in it.
    ///
    /// # Errors
    /// `invalid_request` when the request is too long for an address.
    pub fn carry_on(&self, open: OpenInteraction, purpose: Purpose) -> Result<OpenInteraction, Error> {
        let OpenInteraction { id, binding, own_login, expires_at, .. } = open;
        let browser = binding.digest();
        let interaction = Interaction { browser, purpose, own_login, first_step: None, expires_at };
        self.seal(id, binding, interaction, 0)
    }

    fn seal(
        &self,
        id: Secret,
        binding: Secret,
        interaction: Interaction,
        spare: usize,
    ) -> Result<OpenInteraction, Error> {
        let message = Message { id: id.expose().to_owned(), interaction };
        let token = self.sealed.seal(INTERACTION, &message, spare)?;
        Ok(OpenInteraction::new(&token, id, binding, &message.interaction))
    }

    /// Opens an interaction to show its login page. Only a user who is signed in finishes one, so a browser without a session
    /// needs no look-up; the form checks whether the interaction has ended.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn open_to_show(
        &self,
        token: &str,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<(OpenInteraction, Purpose), Error> {
        match browser.session {
            None => Self::unless_cancelled(self.unseal_live(token, browser, now)?, browser),
            Some(_) => self.open(token, browser, now).await,
        }
    }

    /// Opens an interaction for the browser it is bound to.
    ///
    /// # Errors
    /// `invalid_request` when it is not this browser's, or is finished or expired.
    pub async fn open(
        &self,
        token: &str,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<(OpenInteraction, Purpose), Error> {
        Self::unless_cancelled(self.open_to_cancel(token, browser, now).await?, browser)
    }

    fn unless_cancelled(
        opened: (OpenInteraction, Purpose),
        browser: &Browser,
    ) -> Result<(OpenInteraction, Purpose), Error> {
        if browser.has_cancelled(opened.0.id.expose()) {
            return Err(unknown_interaction("the user cancelled the login"));
        }
        Ok(opened)
    }

    /// Whether the user has cancelled the login of this interaction in any tab.
    #[must_use]
    pub fn was_cancelled(&self, token: &str, browser: &Browser) -> bool {
        let unsealed = self.unseal(token, browser).ok().flatten();
        unsealed.is_some_and(|(open, _)| browser.has_cancelled(open.id.expose()))
    }

    /// As [`open`](Self::open), also if the user has cancelled its login page before.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn open_to_cancel(
        &self,
        token: &str,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<(OpenInteraction, Purpose), Error> {
        let (open, purpose) = self.unseal_live(token, browser, now)?;
        match self.interactions.find_ending(open.id.digest(), now).await? {
            None => Ok((open, purpose)),
            Some(_) => Err(unknown_interaction("the interaction was finished already")),
        }
    }

    fn unseal_live(
        &self,
        token: &str,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<(OpenInteraction, Purpose), Error> {
        if token.is_empty() {
            return Err(expired_page("no interaction was named"));
        }
        match self.unseal(token, browser)? {
            Some((open, purpose)) if now < open.expires_at => Ok((open, purpose)),
            Some(_) => Err(unknown_interaction("the interaction has expired")),
            None => Err(unknown_interaction("the interaction is unknown")),
        }
    }

    /// The client that sent this browser into the interaction, also into one that has ended; none if the interaction is another
    /// browser's.
    #[must_use]
    pub fn client_of(&self, token: &str, browser: &Browser) -> Option<ClientId> {
        let (open, _) = self.unseal(token, browser).ok().flatten()?;
        open.client.map(|(client, _)| client)
    }

    /// What the interaction of this browser is about, if it has not expired. No store is asked whether it has ended.
    #[must_use]
    pub fn waiting(&self, token: &str, browser: &Browser, now: DateTime<Utc>) -> Option<Purpose> {
        self.unseal_live(token, browser, now).ok().map(|(_, purpose)| purpose)
    }

    /// The interaction of this browser in the token, also one that has ended or expired; none if this server made no such
    /// token.
    ///
    /// # Errors
    /// `invalid_request` when it is not this browser's.
    pub(super) fn unseal(
        &self,
        token: &str,
        browser: &Browser,
    ) -> Result<Option<(OpenInteraction, Purpose)>, Error> {
        let Some(binding) = browser.binding.clone() else {
            return Err(no_cookies());
        };
        let Some(Message { id, interaction }) = self.sealed.open(INTERACTION, token)? else {
            return Ok(None);
        };
        if !interaction.belongs_to(&binding.digest()) {
            return Err(expired_page("the interaction belongs to another browser"));
        }
        let open = OpenInteraction::new(token, Secret::from(id.as_str()), binding, &interaction);
        Ok(Some((open, interaction.purpose)))
    }
}

/// The same id for the same pushed request in the same browser. Without that browser's cookie it cannot be computed.
fn pushed_id(key: &Digest, binding: &Secret) -> Secret {
    let parts: [&[u8]; 3] = [b"pushed", key.as_bytes(), binding.expose().as_bytes()];
    Secret::new(Digest::of_parts(&parts).to_base64url())
}
