//! RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::interaction::Purpose;
use domain::subject::Naming;
use domain::{Client, ClientId, Session};

use crate::browser::{
    Browser, BrowserInteractions, BrowserSessions, OpenInteraction, PostedRequests, PostedTo,
};
use crate::context::Context;
use crate::error::{Advice, Error, Refusal};
use crate::parameters::Parameters;
use crate::port::{Attempts, Clients, SignedIn};
use crate::token::id_token::{Hint, IdTokens, ReadHint};
use crate::users::subject_identifiers::SubjectIdentifiers;

use super::continuation::{continue_to, unvetted_host};

pub use super::frontchannel::LogoutFrame;

/// The parameters of a logout request that count (§2); of a posted request only they count.
const PARAMETERS: [&str; 5] =
    ["id_token_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales"];

/// Signs users out.
pub struct EndSessionEndpoint {
    /// The interactions that wait for the user's confirmation.
    pub interactions: Arc<BrowserInteractions>,
    /// The sessions of browsers.
    pub sessions: Arc<BrowserSessions>,
    /// The registered clients.
    pub clients: Arc<dyn Clients>,
    /// Reads `id_token_hint`.
    pub id_tokens: Arc<IdTokens>,
    /// The subject identifiers and session ids under which clients know users.
    pub subject_identifiers: Arc<SubjectIdentifiers>,
    /// Counts the searches for a session.
    pub attempts: Arc<dyn Attempts>,
    /// Seals posted requests.
    pub posted: Arc<PostedRequests>,
    /// Issuer and time.
    pub context: Context,
}

/// The answer to the browser.
#[derive(Debug)]
pub enum SignOut {
    /// The user must confirm: the request does not prove that they want to sign out.
    AskConfirmation(Box<ConfirmView>),
    /// The user is signed out.
    SignedOut(SignedOut),
}

/// A browser without a session. A page says so, or the browser is redirected to the client's registered URI.
#[derive(Debug, Default)]
pub struct SignedOut {
    /// Whether a session has ended. Otherwise no user was signed in.
    pub has_ended: bool,
    /// The client's URI to go to, `state` included.
    pub continue_to: Option<String>,
    /// Whom the URI belongs to, if the user decides whether to go there.
    pub asks_about: Option<String>,
    /// The client that sent the user here.
    pub client: Option<Box<Client>>,
    /// The frames to load before.
    pub frames: Vec<LogoutFrame>,
}

/// The content of the confirmation page.
#[derive(Debug)]
pub struct ConfirmView {
    /// The interaction of the page.
    pub open: OpenInteraction,
    /// The token of its form.
    pub form_token: String,
    /// The user who is signed in.
    pub account: String,
    /// The client that sent the user here, if it is known.
    pub client: Option<Client>,
    /// Whom the sign-out leads to, if no operator vouches for the client.
    pub host: Option<String>,
}

impl EndSessionEndpoint {
    /// Ends the browser's session, or asks the user first: without an ID token of this session, any site could have
    /// sent the user here. Without a session in this browser, ends the one that the ID token names.
    ///
    /// # Errors
    /// `invalid_request` for a hint that this server did not issue, a client that does not match it, or a
    /// `post_logout_redirect_uri` that is not registered. An error never redirects and ends no session.
    pub async fn end_session(&self, parameters: &Parameters, browser: &Browser) -> Result<SignOut, Error> {
        let now = self.context.now();
        if parameters.get("state").is_some_and(|state| state.len() > self.context.settings.max_state_bytes) {
            return Err(Refusal::invalid_request("state is too long").into());
        }
        let hint = self.read_hint(parameters).await?;
        let client = self.find_client(parameters, hint.as_ref()).await?;
        let continue_to = continue_to(client.as_ref(), parameters)?;
        let Some(signed_in) = self.sessions.find_to_end(browser, now).await? else {
            return self.sign_out_hinted(hint, client, continue_to, now).await;
        };
        let is_proven = match (&hint, &client) {
            (Some(hint), Some(client)) => self.is_for_session(hint, client, &signed_in).await?,
            (Some(_) | None, _) => false,
        };
        if is_proven {
            return self.sign_out(&signed_in.session, client, continue_to, now).await;
        }
        let host = unvetted_host(client.as_ref(), continue_to.as_deref());
        let purpose = Purpose::SignOut {
            client: client.as_ref().map(|client| (client.id.clone(), client.incarnation)),
            continue_to,
        };
        let open = self.interactions.begin(purpose, browser, now)?;
        let account = signed_in.user.username.as_str().to_owned();
        let form_token = open.session_form_token(&signed_in.session);
        Ok(SignOut::AskConfirmation(Box::new(ConfirmView { open, form_token, account, client, host })))
    }

    /// Seals a request that another site posted. The browser repeats it with GET, which has this server's cookies.
    ///
    /// # Errors
    /// `invalid_request` if it is too long.
    pub fn seal_posted(&self, parameters: Parameters) -> Result<String, Error> {
        self.posted.seal(parameters, &PARAMETERS, PostedTo::Logout)
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
        let now = self.context.now();
        let expired = || {
            let refusal = Refusal::invalid_request("this page has expired; sign out again");
            refusal.advising(Advice::SignOutAgain)
        };
        let Some(signed_in) = self.sessions.find_to_end(browser, now).await? else {
            return self.repeat(interaction, browser, now).await;
        };
        if !browser.has_session_form_token(interaction, &signed_in.session, form_token) {
            return Err(expired()
                .because("the form does not carry the token of this browser and session")
                .into());
        }
        let (open, purpose) = self.interactions.open(interaction, browser, now).await?;
        let Purpose::SignOut { client, continue_to } = purpose else {
            return Err(expired().because("the interaction is no sign-out").into());
        };
        let answer = continue_to.clone();
        let client = match client {
            Some((id, incarnation)) => {
                self.find_enabled(&id).await?.filter(|client| client.incarnation == incarnation)
            }
            None => None,
        };
        let continue_to = client.as_ref().and(continue_to);
        let signed_out = self.sign_out(&signed_in.session, client, continue_to, now).await?;
        // The user is signed out, whether or not the store has room to tell that to a form that is sent twice.
        if let Err(error) = self.interactions.finish(&open, None, answer, None, now).await {
            tracing::warn!(%error, "cannot keep the answer to a sign-out");
        }
        Ok(signed_out)
    }

    /// The answer to a confirmation of a user who has signed out in the meantime: for a form that was sent again, the way to
    /// the client. Otherwise there is no proof of where to go.
    async fn repeat(
        &self,
        interaction: &str,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<SignOut, Error> {
        let Some(ended) = self.interactions.find_ended(interaction, browser, now).await? else {
            return Ok(SignOut::SignedOut(SignedOut::default()));
        };
        let answer = ended.answer::<Option<String>>(None, now)?;
        let mut signed_out = SignedOut { has_ended: answer.is_some(), ..SignedOut::default() };
        if let Some((id, incarnation)) = ended.client()
            && let Some(client) = self.find_enabled(id).await?
            && client.incarnation == *incarnation
        {
            signed_out.continue_to = answer.flatten();
            signed_out.client = Some(Box::new(client));
        }
        Ok(SignOut::SignedOut(signed_out))
    }

    /// The answer to a caller that is not signed in here, such as the client's own server. An ID token that names a live
    /// session is the client's proof, and no user is there to confirm. Without an ID token, nothing proves that the
    /// client sent the browser here.
    async fn sign_out_hinted(
        &self,
        hint: Option<Hint>,
        client: Option<Client>,
        continue_to: Option<String>,
        now: DateTime<Utc>,
    ) -> Result<SignOut, Error> {
        let (Some(hint), Some(client)) = (hint, client) else {
            return Ok(SignOut::SignedOut(SignedOut::default()));
        };
        let session = self.hinted_session(&hint, &client, now).await?;
        // The client of an attacker has genuine ID tokens of the attacker's own sessions.
        let asks_about = unvetted_host(Some(&client), continue_to.as_deref());
        if let Some(session) = &session {
            self.sessions.end(session, now).await?;
        }
        // Without frames: the caller is not the user's browser, and must not learn which other clients the user has.
        let (has_ended, client) = (session.is_some(), session.map(|_| Box::new(client)));
        Ok(SignOut::SignedOut(SignedOut { has_ended, continue_to, asks_about, client, frames: Vec::new() }))
    }

    async fn sign_out(
        &self,
        session: &Session,
        client: Option<Client>,
        continue_to: Option<String>,
        now: DateTime<Utc>,
    ) -> Result<SignOut, Error> {
        let clients = self.sessions.end(session, now).await?;
        let frames = self.frames(&clients, &session.sid).await?;
        let client = client.map(Box::new);
        Ok(SignOut::SignedOut(SignedOut { has_ended: true, continue_to, asks_about: None, client, frames }))
    }

    async fn read_hint(&self, parameters: &Parameters) -> Result<Option<Hint>, Error> {
        let Some(text) = parameters.get("id_token_hint") else {
            return Ok(None);
        };
        match self.id_tokens.read_hint(text).await? {
            ReadHint::Valid(hint) => Ok(Some(hint)),
            ReadHint::Invalid(cause) => {
                Err(Refusal::invalid_request("id_token_hint is not valid").because(cause).into())
            }
        }
    }

    async fn find_client(
        &self,
        parameters: &Parameters,
        hint: Option<&Hint>,
    ) -> Result<Option<Client>, Error> {
        let refused = |detail: &'static str| {
            Refusal::invalid_request("client_id is not known or does not match id_token_hint").because(detail)
        };
        let named: Option<ClientId> = parameters
            .get("client_id")
            .map(|id| id.parse().map_err(|_| refused("no client has such an id")))
            .transpose()?;
        let id = match (named, hint) {
            (Some(id), _) => id,
            (None, Some(hint)) => hint.client.clone(),
            (None, None) => return Ok(None),
        };
        let client = self.find_enabled(&id).await?;
        let is_hinted = |client: &Client| hint.is_none_or(|hint| hint.is_for(client));
        let refused = || refused("the client is unknown, or the hint was issued to another one").into();
        client.filter(is_hinted).map(Some).ok_or_else(refused)
    }

    async fn find_enabled(&self, id: &ClientId) -> Result<Option<Client>, Error> {
        Ok(self.clients.find(id).await?.filter(Client::is_enabled))
    }

    /// Whether the hint was issued to this client in this session.
    async fn is_for_session(
        &self,
        hint: &Hint,
        client: &Client,
        signed_in: &SignedIn,
    ) -> Result<bool, Error> {
        let naming = self.subject_identifiers.for_client(client).await?;
        let same_session = hint.sid.as_ref().is_none_or(|sid| *sid == naming.sid_for(&signed_in.session.sid));
        Ok(same_session && hint.subject == naming.subject_for(signed_in.user.id))
    }

    /// One frame for each of these clients that registered a front-channel logout address.
    async fn frames(&self, clients: &[(ClientId, Naming)], sid: &str) -> Result<Vec<LogoutFrame>, Error> {
        let mut frames = Vec::new();
        for (id, naming) in clients {
            let Some(client) = self.find_enabled(id).await? else { continue };
            if let Some(uri) = &client.logout.front.uri {
                let sid = self.subject_identifiers.for_naming(naming).await?.sid_for(sid);
                frames.push(LogoutFrame::new(uri, &self.context.settings.issuer, &sid));
            }
        }
        Ok(frames)
    }
}
