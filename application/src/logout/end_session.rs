//! RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::interaction::Purpose;
use domain::{Client, ClientId, Secret, Session};
use url::Url;

use crate::authorize::{AuthorizationEndpoint, OpenInteraction, form_of};
use crate::browser::Browser;
use crate::error::{Advice, Error, Refusal};
use crate::parameters::Parameters;
use crate::port::SignedIn;
use crate::token::id_token::{Hint, ReadHint};

pub use super::frontchannel::LogoutFrame;

/// Signs people out.
pub struct EndSessionEndpoint {
    /// Clients, sessions, interactions and hints.
    pub authorization: Arc<AuthorizationEndpoint>,
}

/// What the browser sees.
#[derive(Debug)]
pub enum SignOut {
    /// Nobody proved that the user wants this: they are asked.
    Confirm(Box<ConfirmView>),
    /// Done; the page says so, or the browser goes on to the client's registered URI.
    Done(SignedOut),
}

/// A browser without a session.
#[derive(Debug, Default)]
pub struct SignedOut {
    /// Where to go, `state` included.
    pub continue_to: Option<String>,
    /// What the client that asked is called.
    pub client_name: Option<String>,
    /// What to load before.
    pub frames: Vec<LogoutFrame>,
}

/// What the confirmation page shows.
#[derive(Debug)]
pub struct ConfirmView {
    /// The interaction of the page.
    pub open: OpenInteraction,
    /// The token of its form.
    pub form_token: String,
    /// Who is signed in.
    pub account: String,
    /// The client that asked, if it is known.
    pub client: Option<Client>,
}

impl EndSessionEndpoint {
    /// Ends the browser's session, or asks first: without a hint that names this session, anybody could have
    /// sent the user here.
    ///
    /// # Errors
    /// `invalid_request` for a hint that is not ours, a client that does not match it, or a
    /// `post_logout_redirect_uri` that is not registered. Never a redirect, and nothing ends.
    pub async fn end_session(&self, parameters: &Parameters, browser: &Browser) -> Result<SignOut, Error> {
        let now = self.authorization.clock.now();
        let hint = self.hint(parameters).await?;
        let client = self.client(parameters, hint.as_ref()).await?;
        let continue_to = continue_to(client.as_ref(), parameters)?;
        let Some(signed_in) = self.signed_in(browser, now).await? else {
            // Nothing to end. Only a hint vouches for where the browser came from.
            return Ok(SignOut::Done(SignedOut {
                continue_to: hint.and(continue_to),
                ..SignedOut::default()
            }));
        };
        let named = match (&hint, &client) {
            (Some(hint), Some(client)) => self.names(hint, client, &signed_in).await?,
            (Some(_) | None, _) => false,
        };
        if named {
            return self.sign_out(&signed_in.session, client, continue_to, now).await;
        }
        let purpose =
            Purpose::SignOut { client: client.as_ref().map(|client| client.id.clone()), continue_to };
        let open = self.authorization.begin(purpose, browser, now).await?;
        let account = signed_in.user.username.as_str().to_owned();
        let form_token = open.form_token_of(&signed_in.session);
        Ok(SignOut::Confirm(Box::new(ConfirmView { open, form_token, account, client })))
    }

    /// Keeps a request that another site posted, without our cookies: our own GET judges it.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn keep_posted(&self, parameters: Parameters) -> Result<Secret, Error> {
        self.authorization.keep(parameters).await
    }

    /// Ends the session after the user confirmed.
    ///
    /// # Errors
    /// `invalid_request` when the form is not from this browser's page, or the page is finished or expired.
    pub async fn confirm(
        &self,
        interaction: &str,
        form_token: &str,
        browser: &Browser,
    ) -> Result<SignOut, Error> {
        let now = self.authorization.clock.now();
        let expired = || {
            let refusal = Refusal::invalid_request("this page has expired; sign out again");
            refusal.advising(Advice::SignOutAgain)
        };
        let Some(signed_in) = self.signed_in(browser, now).await? else {
            // Signed out in the meantime: nothing is left to do, and nothing vouches for where to go.
            return Ok(SignOut::Done(SignedOut::default()));
        };
        if !browser.sent_form(&form_of(interaction, &signed_in.session), form_token) {
            return Err(expired()
                .because("the form does not carry the token of this browser and session")
                .into());
        }
        let (open, interaction) = self.authorization.open(interaction, browser, now).await?;
        let Purpose::SignOut { client, continue_to } = interaction.purpose else {
            return Err(expired().because("the interaction is no sign-out").into());
        };
        self.authorization.finish(&open, now).await?;
        let client = match client {
            Some(id) => self.enabled(&id).await?,
            None => None,
        };
        let continue_to = client.as_ref().and(continue_to);
        self.sign_out(&signed_in.session, client, continue_to, now).await
    }

    async fn sign_out(
        &self,
        session: &Session,
        client: Option<Client>,
        continue_to: Option<String>,
        now: DateTime<Utc>,
    ) -> Result<SignOut, Error> {
        let clients = self.authorization.end(session, now).await?;
        let frames = self.frames(&clients, session).await?;
        let client_name = client.map(|client| client.display_name().to_owned());
        Ok(SignOut::Done(SignedOut { continue_to, client_name, frames }))
    }

    async fn hint(&self, parameters: &Parameters) -> Result<Option<Hint>, Error> {
        let Some(text) = parameters.get("id_token_hint") else {
            return Ok(None);
        };
        match self.authorization.id_tokens.read_hint(text).await? {
            ReadHint::Valid(hint) => Ok(Some(hint)),
            ReadHint::Invalid => Err(Refusal::invalid_request("id_token_hint is not valid")
                .because("the id_token_hint is not an ID token of this server")
                .into()),
        }
    }

    async fn client(&self, parameters: &Parameters, hint: Option<&Hint>) -> Result<Option<Client>, Error> {
        let refused = |detail: &'static str| {
            Refusal::invalid_request("client_id is not known or does not match id_token_hint").because(detail)
        };
        let named: Option<ClientId> = parameters
            .get("client_id")
            .map(|id| id.parse().map_err(|_| refused("no client has such an id")))
            .transpose()?;
        let id = match (named, hint) {
            (Some(named), Some(hint)) if named != hint.client => {
                return Err(refused("the hint was issued to another client").into());
            }
            (Some(id), _) => id,
            (None, Some(hint)) => hint.client.clone(),
            (None, None) => return Ok(None),
        };
        self.enabled(&id).await?.map(Some).ok_or_else(|| refused("the client is unknown").into())
    }

    pub(super) async fn enabled(&self, id: &ClientId) -> Result<Option<Client>, Error> {
        Ok(self.authorization.clients.find(id).await?.filter(Client::is_enabled))
    }

    /// Whether the hint was issued to this client in this very session.
    async fn names(&self, hint: &Hint, client: &Client, signed_in: &SignedIn) -> Result<bool, Error> {
        let naming = self.authorization.subjects.for_client(client).await?;
        let same_session = hint.sid.as_ref().is_none_or(|sid| *sid == naming.sid_for(&signed_in.session.sid));
        Ok(same_session && hint.subject == naming.subject_for(signed_in.user.id))
    }

    async fn signed_in(&self, browser: &Browser, now: DateTime<Utc>) -> Result<Option<SignedIn>, Error> {
        match &browser.session {
            Some(cookie) => Ok(self.authorization.sessions.find(cookie.digest(), now).await?),
            None => Ok(None),
        }
    }
}

impl AuthorizationEndpoint {
    /// Ends a session, and has its clients told; which clients those are.
    pub(crate) async fn end(&self, session: &Session, now: DateTime<Utc>) -> Result<Vec<ClientId>, Error> {
        let clients = self.sessions.end(session.id, now).await?;
        self.logout_signal.ring();
        Ok(clients)
    }
}

/// The registered URI that was asked for, with `state`.
fn continue_to(client: Option<&Client>, parameters: &Parameters) -> Result<Option<String>, Refusal> {
    let (Some(asked), Some(client)) = (parameters.get("post_logout_redirect_uri"), client) else {
        // Without a client nothing can be registered; the user is told they are signed out, here.
        return Ok(None);
    };
    let unregistered = || {
        Refusal::invalid_request("post_logout_redirect_uri is not registered")
            .because(format!("{} did not register it", client.id))
    };
    let registered = client
        .post_logout_redirect_uris
        .iter()
        .find_map(|uri| uri.matching(asked))
        .ok_or_else(unregistered)?;
    let mut url = Url::parse(registered.as_str()).map_err(|_| unregistered())?;
    match parameters.get("state") {
        Some(state) => {
            url.query_pairs_mut().append_pair("state", state);
            Ok(Some(url.into()))
        }
        None => Ok(Some(registered.as_str().to_owned())),
    }
}
