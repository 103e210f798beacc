//! The authorization endpoint (RFC 6749 §3.1, OpenID Connect Core §3.1.2): validate, then decide, then act.
//!
//! See docs/decisions/authorization-requests.md.

mod check;
mod consent;
mod decision;
mod grant;
mod interact;
pub mod push;
mod pushed;
mod reply;
pub mod request_object;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::interaction::Purpose;
use domain::{AuthorizationRequest, Client, ClientId, ErrorCode, Interaction, RequestUri, ReturnTo};
use tokio::join;

use crate::authorize::request_object::RequestObjectReader;
use crate::browser::Browser;
use crate::error::{Error, Refusal};
use crate::logout::backchannel::LogoutSignal;
use crate::parameters::Parameters;
use crate::port::{
    AuthorizationCodes, Clients, Clock, Consents, Entropy, Interactions, PushedRequests, Sessions, SignedIn,
};
use crate::resource::indicators::ResourceIndicators;
use crate::settings::Settings;
use crate::token::id_token::IdTokens;
use crate::users::subject_identifiers::SubjectIdentifiers;

pub use check::Invalid;
pub(crate) use check::check_scope;
pub use consent::{ConsentForm, ConsentView};
pub use decision::Decision;
use decision::Known;
pub use interact::OpenInteraction;
pub(crate) use interact::{KEPT as PARAMETERS, form_of};
pub use reply::{AuthorizationResponse, Page, Reply};

/// Answers authorization requests.
pub struct AuthorizationEndpoint {
    /// Who is registered.
    pub clients: Arc<dyn Clients>,
    /// Who is signed in.
    pub sessions: Arc<dyn Sessions>,
    /// What users agreed to before.
    pub consents: Arc<dyn Consents>,
    /// What browsers are in the middle of.
    pub interactions: Arc<dyn Interactions>,
    /// What clients pushed.
    pub pushed_requests: Arc<dyn PushedRequests>,
    /// Rung when a session has ended.
    pub logout_signal: Arc<LogoutSignal>,
    /// Where codes are kept.
    pub codes: Arc<dyn AuthorizationCodes>,
    /// Reads `id_token_hint`.
    pub id_tokens: Arc<IdTokens>,
    /// Opens requests that clients signed.
    pub request_objects: Arc<RequestObjectReader>,
    /// Names users to clients.
    pub subjects: Arc<SubjectIdentifiers>,
    /// Judges the resources a request names.
    pub indicators: Arc<ResourceIndicators>,
    /// What the operator decided.
    pub settings: Arc<Settings>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// For codes and interaction ids.
    pub entropy: Arc<dyn Entropy>,
}

/// A valid request and what is known about it.
struct Asked {
    client: Client,
    request: AuthorizationRequest,
    /// The interaction in which it waits; none if it has just arrived.
    interaction: Option<OpenInteraction>,
    /// Since when it waits there.
    waiting_since: Option<DateTime<Utc>>,
}

impl AuthorizationEndpoint {
    /// Answers a request that came by GET.
    ///
    /// # Errors
    /// A refusal is for an error page on our own origin: the client or its redirect URI is not known good, or the
    /// request names a pushed one that it cannot use.
    /// Every other fault of the request is a [`Reply::Respond`].
    pub async fn authorize(&self, parameters: &Parameters, browser: &Browser) -> Result<Reply, Error> {
        let now = self.clock.now();
        if let Some(uri) = parameters.get("request_uri").and_then(RequestUri::parse) {
            return self.authorize_pushed(&uri, parameters, browser, now).await;
        }
        // Both at once: a store may answer both in one round trip.
        match join!(check::request(self, parameters), self.signed_in(browser, now)) {
            (Ok((client, request)), signed_in) => {
                let asked = Asked { client, request, interaction: None, waiting_since: None };
                self.proceed(asked, signed_in?, browser, now).await
            }
            (Err(Invalid::Page(error)), _) => Err(error),
            (Err(Invalid::Back { client, return_to, refusal, silent, ui_locales }), signed_in) => {
                let told = silent || signed_in?.is_some();
                if told {
                    return Ok(self.respond_error(return_to, refusal.code, &refusal.description));
                }
                // Held until somebody signs in: an open redirector needs a victim who does (RFC 9700 §4.11.2).
                let description = refusal.description.into_owned();
                let code = refusal.code;
                let purpose = Purpose::Refused { client, return_to, code, description, ui_locales };
                let open = self.begin(purpose, browser, now).await?;
                Ok(Reply::Interact { page: Page::Login, open })
            }
        }
    }

    /// Goes on with an interaction, after its browser signed in.
    ///
    /// # Errors
    /// `invalid_request` when it is not this browser's, or is finished or expired.
    pub async fn resume(&self, id: &str, browser: &Browser) -> Result<Reply, Error> {
        let now = self.clock.now();
        let (open, interaction) = self.open(id, browser, now).await?;
        self.go_on(open, interaction, browser, now).await
    }

    async fn go_on(
        &self,
        open: OpenInteraction,
        interaction: Interaction,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<Reply, Error> {
        let signed_in = self.signed_in(browser, now).await?;
        match interaction {
            Interaction { purpose: Purpose::Authorize(request), created_at, .. } => {
                let client = self.still_allowed(&request).await?;
                let asked = Asked {
                    client,
                    request: *request,
                    interaction: Some(open),
                    waiting_since: Some(created_at),
                };
                self.proceed(asked, signed_in, browser, now).await
            }
            Interaction {
                purpose: Purpose::Refused { client, return_to, code, description, .. }, ..
            } => {
                if signed_in.is_none() {
                    return Ok(Reply::Interact { page: Page::Login, open });
                }
                self.still_registered(&client, &return_to).await?;
                self.finish(&open, now).await?;
                Ok(self.respond_error(return_to, code, &description))
            }
            Interaction { purpose: Purpose::Device { .. }, .. } => {
                let page = if signed_in.is_some() { Page::Device } else { Page::Login };
                Ok(Reply::Interact { page, open })
            }
            Interaction { purpose: Purpose::Home, .. } => {
                self.finish(&open, now).await?;
                Ok(Reply::Home)
            }
            Interaction { purpose: Purpose::Posted(_) | Purpose::SignOut { .. }, .. } => {
                Err(interact::gone("the interaction is not one to sign in for"))
            }
        }
    }

    async fn proceed(
        &self,
        asked: Asked,
        signed_in: Option<SignedIn>,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<Reply, Error> {
        let decision = self.decide(&asked, signed_in.as_ref(), now).await?;
        match (decision, signed_in) {
            (Decision::Grant, Some(signed_in)) => self.grant(asked, &signed_in, now).await,
            (Decision::Login, _) | (Decision::Grant, None) => {
                self.interact(Page::Login, asked, browser, now).await
            }
            (Decision::Consent, _) => self.interact(Page::Consent, asked, browser, now).await,
            (Decision::Refuse(code, description), _) => {
                self.settle(&asked, now).await?;
                Ok(self.respond_error(asked.request.return_to, code, description))
            }
        }
    }

    async fn decide(
        &self,
        asked: &Asked,
        signed_in: Option<&SignedIn>,
        now: DateTime<Utc>,
    ) -> Result<Decision, Error> {
        let decision = self.before_consent(asked, signed_in, now).await?;
        match (decision, signed_in) {
            (Decision::Consent, Some(signed_in)) => {
                let agreed = self.agreed(asked, signed_in).await?;
                Ok(decision::on_consent(&asked.request, agreed))
            }
            (decision, _) => Ok(decision),
        }
    }

    /// The decision about the authentication, of a user as the client knows them.
    async fn before_consent(
        &self,
        asked: &Asked,
        signed_in: Option<&SignedIn>,
        now: DateTime<Utc>,
    ) -> Result<Decision, Error> {
        let known = match signed_in {
            Some(SignedIn { session, user }) => {
                let subject = self.subjects.of(&asked.client).await?.of(user.id);
                Some(Known { session, subject })
            }
            None => None,
        };
        let contexts = &self.settings.authentication_contexts;
        Ok(decision::before_consent(contexts, &asked.request, known.as_ref(), asked.waiting_since, now))
    }

    /// Whether the user need not be asked again.
    async fn agreed(&self, asked: &Asked, signed_in: &SignedIn) -> Result<bool, Error> {
        let Asked { client, request, .. } = asked;
        if request.prompt.consent {
            return Ok(false);
        }
        // Even an operator's own: any application on the device could pose as it (RFC 8252 §8.6).
        if !client.consent_can_be_remembered(request.return_to.redirect_uri()) {
            return Ok(false);
        }
        if client.first_party {
            return Ok(true);
        }
        let consent = self.consents.find(signed_in.user.id, &client.id).await?;
        let claims = request.claims.beyond(&request.scope);
        Ok(consent.is_some_and(|consent| consent.covers(&request.scope, &request.resources, &claims)))
    }

    /// The live session of a browser, if it has one.
    pub(crate) async fn signed_in(
        &self,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<Option<SignedIn>, Error> {
        match &browser.session {
            Some(cookie) => Ok(self.sessions.find(cookie.digest(), now).await?),
            None => Ok(None),
        }
    }

    /// The client of a request that was valid when it came: it may have changed since.
    async fn still_allowed(&self, request: &AuthorizationRequest) -> Result<Client, Error> {
        let client = self.still_registered(&request.client, &request.return_to).await?;
        let may_name = |id| client.may_name(id, &self.settings.issuer);
        let allowed = request.scope.is_subset_of(&client.scope) && request.resources.iter().all(may_name);
        let allowed = allowed && request.claims.beyond(&client.scope).is_empty();
        if allowed { Ok(client) } else { Err(changed()) }
    }

    /// The client, if it may still be sent anything there.
    async fn still_registered(&self, id: &ClientId, return_to: &ReturnTo) -> Result<Client, Error> {
        let client = self.clients.find(id).await?.filter(Client::is_enabled);
        let uri = return_to.redirect_uri().as_str();
        client.filter(|client| client.verify_redirect_uri(Some(uri), true).is_ok()).ok_or_else(changed)
    }
}

fn changed() -> Error {
    Refusal::new(ErrorCode::UnauthorizedClient, "the client may no longer do this")
        .because("the client was changed, disabled or deleted during the interaction")
        .into()
}
