//! Interactions: begun for one browser, opened only by it. `ended.rs` finishes them.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::interaction::{KeptInteraction, LIFETIME, Purpose};
use domain::redirect_uri::VerifiedRedirectUri;
use domain::{ClientId, Digest, Incarnation, Interaction, Secret, Session, UiLocales};

use super::cookies::{Browser, form_token, session_form};
use super::ended_page::{expired_page, no_cookies, unknown_interaction};
use crate::context::Context;
use crate::error::Error;
use crate::port::Interactions;

/// The interactions of browsers.
pub struct BrowserInteractions {
    /// The store.
    pub interactions: Arc<dyn Interactions>,
    /// Entropy for ids and binding cookies.
    pub context: Context,
}

/// An unfinished interaction that this browser may continue.
#[derive(Debug, Clone)]
pub struct OpenInteraction {
    /// Its id, for the URL and the form.
    pub id: Secret,
    /// The value of the cookie it is bound to.
    pub binding: Secret,
    /// When it began: a later authentication is fresh.
    pub created_at: DateTime<Utc>,
    /// The languages that its pages should be in.
    pub ui_locales: UiLocales,
    /// The client that sent the user here, and its incarnation, if it is known.
    pub(super) client: Option<(ClientId, Incarnation)>,
    /// The redirect URI that the answer goes to, if it goes to one.
    pub(super) redirect_uri: Option<VerifiedRedirectUri>,
    /// When a store may delete it.
    pub(super) expires_at: DateTime<Utc>,
}

impl OpenInteraction {
    fn new(id: Secret, binding: Secret, interaction: &Interaction) -> Self {
        let Interaction { purpose, created_at, expires_at, .. } = interaction;
        Self {
            id,
            binding,
            created_at: *created_at,
            ui_locales: purpose.ui_locales(),
            client: purpose.client(),
            redirect_uri: purpose.redirect_uri().cloned(),
            expires_at: *expires_at,
        }
    }

    /// The token of a form that any user of this browser may answer.
    #[must_use]
    pub fn form_token(&self) -> String {
        form_token(&self.binding, self.id.expose())
    }

    /// The token of a form that only the user of this session may answer.
    #[must_use]
    pub fn session_form_token(&self, session: &Session) -> String {
        form_token(&self.binding, &session_form(self.id.expose(), session))
    }
}

impl BrowserInteractions {
    /// Begins an interaction in this browser.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn begin(
        &self,
        purpose: Purpose,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<OpenInteraction, Error> {
        let id = Secret::from_random(self.context.entropy.bytes());
        let binding = self.binding(browser);
        let interaction = interaction(purpose, &binding, now);
        self.interactions.begin(id.digest(), &interaction).await?;
        Ok(OpenInteraction::new(id, binding, &interaction))
    }

    /// Opens an interaction for the browser it is bound to.
    ///
    /// # Errors
    /// `invalid_request` when it is not this browser's, or is finished or expired.
    pub async fn open(
        &self,
        id: &str,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<(OpenInteraction, Purpose), Error> {
        if id.is_empty() {
            return Err(expired_page("no interaction was named"));
        }
        let id = Secret::from(id);
        let Some(binding) = browser.binding.clone() else {
            return Err(no_cookies());
        };
        match self.interactions.find(id.digest(), now).await? {
            Some(KeptInteraction::Unfinished(interaction)) if interaction.belongs_to(&binding.digest()) => {
                Ok((OpenInteraction::new(id, binding, &interaction), interaction.purpose))
            }
            Some(KeptInteraction::Ended(ending)) if ending.browser == binding.digest() => {
                Err(unknown_interaction("the interaction was finished already"))
            }
            Some(_) => Err(expired_page("the interaction belongs to another browser")),
            None => Err(unknown_interaction("the interaction has expired or is unknown")),
        }
    }

    /// Begins the only interaction of the pushed request `key` in this browser. If this browser opens the request twice at
    /// the same time, both calls lead to the interaction that was kept first.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn begin_pushed(
        &self,
        key: &Digest,
        purpose: Purpose,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<OpenInteraction, Error> {
        let binding = self.binding(browser);
        let id = pushed_id(key, &binding);
        let interaction = interaction(purpose, &binding, now);
        if let Err(taken) = self.interactions.begin(id.digest(), &interaction).await
            && self.interactions.find(id.digest(), now).await?.is_none()
        {
            return Err(taken.into());
        }
        Ok(OpenInteraction::new(id, binding, &interaction))
    }

    /// The interaction of the pushed request `key` in this browser, if it has begun and has not ended.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn find_pushed(
        &self,
        key: &Digest,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<Option<(OpenInteraction, Purpose)>, Error> {
        let Some(binding) = browser.binding.clone() else {
            return Ok(None);
        };
        let id = pushed_id(key, &binding);
        Ok(match self.interactions.find(id.digest(), now).await? {
            Some(KeptInteraction::Unfinished(interaction)) => {
                Some((OpenInteraction::new(id, binding, &interaction), interaction.purpose))
            }
            Some(KeptInteraction::Ended(_)) | None => None,
        })
    }

    /// The value of the browser's cookie for interactions: the one it has, or a new one.
    fn binding(&self, browser: &Browser) -> Secret {
        browser.binding.clone().unwrap_or_else(|| Secret::from_random(self.context.entropy.bytes()))
    }
}

fn interaction(purpose: Purpose, binding: &Secret, now: DateTime<Utc>) -> Interaction {
    Interaction { browser: binding.digest(), purpose, created_at: now, expires_at: now + LIFETIME }
}

/// The same id for the same pushed request in the same browser. Without that browser's cookie it cannot be computed.
fn pushed_id(key: &Digest, binding: &Secret) -> Secret {
    let parts: [&[u8]; 3] = [b"pushed", key.as_bytes(), binding.expose().as_bytes()];
    Secret::new(Digest::of_parts(&parts).to_base64url())
}
