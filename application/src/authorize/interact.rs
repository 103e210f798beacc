//! Interactions: begun for one browser, opened only by it, finished once.

use chrono::{DateTime, Duration, Utc};
use domain::interaction::{LIFETIME_SECONDS, Purpose};
use domain::{ErrorCode, Interaction, Secret, Session, UiLocales};

use super::{Asked, AuthorizationEndpoint, Page, Reply, check};
use crate::browser::Browser;
use crate::error::{Advice, Error, Refusal};
use crate::parameters::Parameters;
use crate::port::Finished;

/// An unfinished interaction that this browser may continue.
#[derive(Debug, Clone)]
pub struct OpenInteraction {
    /// Its id, for the URL and the form.
    pub id: Secret,
    /// The value of the cookie it is bound to.
    pub binding: Secret,
    /// What languages its pages should be in.
    pub ui_locales: UiLocales,
}

impl OpenInteraction {
    /// The token for a form that anybody may fill in.
    #[must_use]
    pub fn form_token(&self) -> String {
        crate::browser::form_token(&self.binding, self.id.expose())
    }

    /// The token for a form that was shown to whoever is signed in with this session: nobody else can answer it.
    #[must_use]
    pub fn form_token_of(&self, session: &Session) -> String {
        crate::browser::form_token(&self.binding, &form_of(self.id.expose(), session))
    }
}

/// What the form of an interaction is called when it belongs to one session.
pub(crate) fn form_of(interaction: &str, session: &Session) -> String {
    format!("{interaction}.{}", session.id)
}

/// How long a posted request waits for our own GET, which follows at once.
const POSTED_SECONDS: i64 = 60;

/// What is kept of a posted request: the parameters that are looked at.
const KEPT: [&str; 21] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "resource",
    "state",
    "response_mode",
    "nonce",
    "prompt",
    "max_age",
    "claims",
    "acr_values",
    "id_token_hint",
    "login_hint",
    "ui_locales",
    "code_challenge",
    "code_challenge_method",
    "request",
    "request_uri",
    "registration",
    "post_logout_redirect_uri",
];

fn refusal(detail: &'static str) -> Refusal {
    Refusal::new(
        ErrorCode::InvalidRequest,
        "this page has expired or belongs to another browser; go back to the application and start again",
    )
    .because(detail)
}

pub(super) fn gone(detail: &'static str) -> Error {
    refusal(detail).advising(Advice::StartAgain).into()
}

/// Nothing is kept any more: it was finished, it took too long, or its store has lost it.
fn over(detail: &'static str) -> Error {
    refusal(detail).advising(Advice::SignInAgain).into()
}

impl AuthorizationEndpoint {
    /// Keeps an authorization request that another site posted: our own GET, which carries the cookies, judges it.
    ///
    /// # Errors
    /// A refusal is for an error page: only what a registered client may have sent is kept.
    pub async fn keep_posted(&self, parameters: Parameters) -> Result<Secret, Error> {
        check::sender(self, &parameters).await?;
        self.keep(parameters).await
    }

    /// Keeps a logout request that another site posted.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub(crate) async fn keep(&self, parameters: Parameters) -> Result<Secret, Error> {
        let now = self.clock.now();
        let id = Secret::from_random(self.entropy.bytes());
        let mut pairs = parameters.into_pairs();
        pairs.retain(|(name, _)| KEPT.contains(&name.as_str()));
        let interaction = Interaction {
            expires_at: now + Duration::seconds(POSTED_SECONDS),
            ..interaction(Purpose::Posted(pairs), None, now)
        };
        self.interactions.begin(id.digest(), &interaction).await?;
        Ok(id)
    }

    /// The parameters that were kept under this id.
    ///
    /// # Errors
    /// `invalid_request` when there are none, or no longer.
    pub async fn posted(&self, id: &str) -> Result<Parameters, Error> {
        let kept = self.interactions.find(Secret::from(id).digest(), self.clock.now()).await?;
        match kept {
            Some(Interaction { purpose: Purpose::Posted(pairs), .. }) => Ok(Parameters::new(pairs)?),
            Some(_) | None => Err(over("no posted request is kept under this id")),
        }
    }

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
        let id = Secret::from_random(self.entropy.bytes());
        let binding = self.binding(browser);
        let interaction = interaction(purpose, Some(&binding), now);
        self.interactions.begin(id.digest(), &interaction).await?;
        Ok(OpenInteraction { id, binding, ui_locales: interaction.purpose.ui_locales() })
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
    ) -> Result<(OpenInteraction, Interaction), Error> {
        if id.is_empty() {
            return Err(gone("no interaction was named"));
        }
        let id = Secret::from(id);
        let Some(binding) = browser.binding.clone() else {
            return Err(gone("the browser has no cookie for interactions"));
        };
        match self.interactions.find(id.digest(), now).await? {
            Some(interaction) if interaction.belongs_to(&binding.digest()) => {
                let ui_locales = interaction.purpose.ui_locales();
                Ok((OpenInteraction { id, binding, ui_locales }, interaction))
            }
            Some(_) => Err(gone("the interaction belongs to another browser")),
            None => Err(over("the interaction is finished, expired or unknown")),
        }
    }

    /// Finishes an interaction; only one caller can.
    ///
    /// # Errors
    /// `invalid_request` when somebody else finished it.
    pub async fn finish(&self, open: &OpenInteraction, now: DateTime<Utc>) -> Result<(), Error> {
        match self.interactions.finish(open.id.digest(), now).await? {
            Finished::First => Ok(()),
            Finished::Gone => Err(over("the interaction was finished already")),
        }
    }

    pub(super) async fn interact(
        &self,
        page: Page,
        asked: Asked,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<Reply, Error> {
        let open = match (asked.interaction, asked.request.pushed) {
            (Some(open), _) => open,
            (None, Some(key)) => self.begin_pushed(&key, asked.request, browser, now).await?,
            (None, None) => self.begin(Purpose::Authorize(Box::new(asked.request)), browser, now).await?,
        };
        Ok(Reply::Interact { page, open })
    }

    /// The value of the browser's cookie for interactions: the one it has, or a new one.
    pub(super) fn binding(&self, browser: &Browser) -> Secret {
        browser.binding.clone().unwrap_or_else(|| Secret::from_random(self.entropy.bytes()))
    }
}

pub(super) fn interaction(purpose: Purpose, binding: Option<&Secret>, now: DateTime<Utc>) -> Interaction {
    Interaction {
        browser: binding.map(Secret::digest),
        purpose,
        created_at: now,
        expires_at: now + Duration::seconds(LIFETIME_SECONDS),
    }
}
