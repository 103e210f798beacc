//! The consent page, and the user's answer.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::interaction::Purpose;
use domain::redirect_uri::VerifiedRedirectUri;
use domain::{Client, Consent, ErrorCode, Scope};

use super::decision::{Authentication, NextStep};
use super::endpoint::AuthorizationEndpoint;
use super::no_access::NoAccessView;
use super::pending_request::PendingRequest;
use super::reply::Reply;
use super::sender::Sender;
use super::visitor::Visitor;
use crate::browser::{Browser, OpenInteraction, Page, PageRedirect, expired_page};
use crate::error::Error;
use crate::port::SignedIn;
use crate::resource::indicators::NamedResource;
use crate::users::groups::NO_ACCESS;

/// The outcome when a browser opens the consent page.
#[derive(Debug)]
pub enum ConsentStep {
    /// The user must decide on the consent page.
    Ask(Box<ConsentView>),
    /// The user may not enter the client.
    NoAccess(Box<NoAccessView>),
    /// No consent is needed: the browser continues with this reply.
    Continue(Box<Reply>),
}

/// The content of the consent page.
#[derive(Debug)]
pub struct ConsentView {
    /// The interaction of the page.
    pub open: OpenInteraction,
    /// The form token, followed by a digest of what the page shows of the client.
    pub form_token: String,
    /// The client that asks.
    pub client: Client,
    /// The host that the response goes to, if it goes to one.
    pub host: Option<String>,
    /// The requested scope.
    pub scope: Scope,
    /// The claims that the client requested one by one and that the scope does not open.
    pub claims: BTreeSet<String>,
    /// The resources that the client named.
    pub resources: Vec<NamedResource>,
    /// The name of the signed-in user.
    pub account: String,
    /// Whether any program on the user's device could claim to be the client (RFC 8252 §8.6).
    pub is_claimable: bool,
}

/// The posted consent form.
#[derive(Debug, Clone)]
pub struct ConsentForm {
    /// The interaction of the page.
    pub interaction: String,
    /// The token of the form.
    pub form_token: String,
    /// Whether the user allowed.
    pub allow: bool,
}

impl ConsentForm {
    /// The two parts of the form token: that of browser and session, and the digest of the shown client.
    fn token_and_shown(&self) -> (&str, &str) {
        self.form_token.split_once('.').unwrap_or((&self.form_token, ""))
    }
}

impl AuthorizationEndpoint {
    /// The consent page of an interaction, or where the browser goes instead when there is nothing to ask.
    ///
    /// # Errors
    /// `invalid_request` when the interaction is not this browser's, or is finished or expired.
    pub async fn consent_page(&self, id: &str, browser: &Browser) -> Result<ConsentStep, Error> {
        let now = self.context.now();
        let (open, pending, signed_in) = self.open_request(id, browser, now).await?;
        let signed_in = match self.decide(&pending, signed_in.as_ref(), now).await? {
            NextStep::AskConsent(signed_in) => signed_in,
            NextStep::ExplainNoAccess(SignedIn { session, user }) => {
                let PendingRequest { client, request, .. } = pending;
                let host = destination(&client, request.return_to.redirect_uri());
                let view = NoAccessView::new(open, (client, host), session, user);
                return Ok(ConsentStep::NoAccess(Box::new(view)));
            }
            step @ (NextStep::SignIn | NextStep::IssueCode(_) | NextStep::Refuse(..)) => {
                return self
                    .carry_out(step, pending, browser, now)
                    .await
                    .map(|reply| ConsentStep::Continue(Box::new(reply)));
            }
        };
        let PendingRequest { client, request, .. } = pending;
        let redirect_uri = request.return_to.redirect_uri();
        Ok(ConsentStep::Ask(Box::new(ConsentView {
            form_token: format!(
                "{}.{}",
                open.session_form_token(&signed_in.session),
                client.appearance().to_base64url()
            ),
            open,
            host: destination(&client, redirect_uri),
            is_claimable: client.is_public() && redirect_uri.is_on_the_device(),
            client,
            claims: request.claims.beyond(&request.scope, &self.context.settings.declared_scopes),
            scope: request.scope,
            resources: self.indicators.named(request.resources).await?,
            account: signed_in.user.username.as_str().to_owned(),
        })))
    }

    /// Takes the user's answer. The same form gets the same answer again for a minute.
    ///
    /// # Errors
    /// `invalid_request` when the form is not from this browser's page, or the interaction is finished or expired.
    pub async fn submit_consent(&self, form: &ConsentForm, browser: &Browser) -> Result<Reply, Error> {
        let now = self.context.now();
        let (open, pending, signed_in) = match self.open_request(&form.interaction, browser, now).await {
            Ok(opened) => opened,
            Err(error @ Error::Unavailable(_)) => return Err(error),
            Err(error) => return self.repeat_consent(form, browser, now).await?.ok_or(error),
        };
        let signed_in = match self.judge_authentication(&pending, signed_in.as_ref(), now).await? {
            Authentication::Sufficient(signed_in) => signed_in,
            Authentication::SignIn => {
                return self.carry_out(NextStep::SignIn, pending, browser, now).await;
            }
            Authentication::Refuse(code, description) => {
                return self.carry_out(NextStep::Refuse(code, description), pending, browser, now).await;
            }
        };
        let (token, shown) = form.token_and_shown();
        if !browser.has_session_form_token(&form.interaction, &signed_in.session, token) {
            return Err(expired_page(
                "the consent form does not carry the token of this browser and session",
            ));
        }
        let may_enter = self.entry.admits(signed_in.user.id, &pending.client).await?;
        if !form.allow {
            let description = if may_enter { "the user denied the request" } else { NO_ACCESS };
            let denied = NextStep::Refuse(ErrorCode::AccessDenied, description);
            return self.carry_out(denied, pending, browser, now).await;
        }
        if !may_enter {
            return Ok(Reply::ToPage(PageRedirect { page: Page::Consent, open }));
        }
        if shown != pending.client.appearance().to_base64url() {
            // The client has changed since: the user has agreed to another one.
            return Ok(Reply::ToPage(PageRedirect { page: Page::Consent, open }));
        }
        let sender = Sender::new(&pending.client, &pending.request);
        let allowed = self.allow(pending, signed_in, now).await;
        self.tell_outage(sender, allowed, Visitor::SignedIn(signed_in), browser, now).await
    }

    async fn allow(
        &self,
        pending: PendingRequest,
        signed_in: &SignedIn,
        now: DateTime<Utc>,
    ) -> Result<Reply, Error> {
        let remembered = pending.client.consent_can_be_remembered(pending.request.return_to.redirect_uri());
        let consent = self.consent(&pending, signed_in, now);
        let client = pending.client.clone();
        let reply = self.issue_code(pending, signed_in, now).await?;
        // Only if the answer is this one, and not an earlier denial.
        let is_allowed = matches!(&reply, Reply::ToClient(response) if response.error.is_none());
        if remembered
            && is_allowed
            && let Err(error) = self.consents.grant(&consent, &client).await
        {
            tracing::warn!(%error, "cannot remember a consent; the user is asked again");
        }
        Ok(reply)
    }

    /// The answer to a form that was answered a moment ago.
    async fn repeat_consent(
        &self,
        form: &ConsentForm,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<Option<Reply>, Error> {
        let Some(ended) = self.interactions.find_ended(&form.interaction, browser, now).await? else {
            return Ok(None);
        };
        match self.sessions.find(browser, now).await? {
            Some(SignedIn { session, user })
                if browser.has_session_form_token(&form.interaction, &session, form.token_and_shown().0) =>
            {
                self.repeat(&ended, Some(user.id), now).await
            }
            Some(_) | None => Ok(None),
        }
    }

    /// Whether the user has already consented to everything that the request needs.
    pub(super) async fn has_consent(
        &self,
        pending: &PendingRequest,
        signed_in: &SignedIn,
    ) -> Result<bool, Error> {
        let PendingRequest { client, request, .. } = pending;
        // Administrative power is given once and knowingly, also to an operator's own client.
        if request.prompt.consent || request.asks_to_administer() {
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
        let declared = &self.context.settings.declared_scopes;
        let (claims, resources) =
            (request.claims.beyond(&request.scope, declared), request.requested_resources());
        Ok(consent.is_some_and(|consent| consent.covers(&request.scope, resources, &claims, declared)))
    }

    /// The authorization request that waits in this interaction, and the user who is signed in.
    async fn open_request(
        &self,
        id: &str,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<(OpenInteraction, PendingRequest, Option<SignedIn>), Error> {
        let (open, purpose) = self.interactions.open(id, browser, now).await?;
        let Purpose::Authorize(request) = purpose else {
            return Err(expired_page("the interaction asks for no consent"));
        };
        let client = self.checks.recheck(&request).await?;
        let signed_in = self.sessions.find(browser, now).await?;
        let pending = PendingRequest { client, request: *request, interaction: Some(open.clone()) };
        Ok((open, pending, signed_in))
    }

    /// The consent to remember for an allowed request.
    fn consent(
        &self,
        PendingRequest { client, request, .. }: &PendingRequest,
        signed_in: &SignedIn,
        now: DateTime<Utc>,
    ) -> Consent {
        let claims = request.claims.beyond(&request.scope, &self.context.settings.declared_scopes);
        let (user, client, resources) = (signed_in.user.id, client.id.clone(), request.requested_resources());
        Consent::new(user, client, &request.scope, resources, now).with_claims(claims)
    }
}

/// The host that the response goes to. For an unverified client whose redirect URI has no host: the whole URI.
fn destination(client: &Client, redirect_uri: &VerifiedRedirectUri) -> Option<String> {
    let unvetted = (!client.is_vetted()).then(|| redirect_uri.destination());
    unvetted.or_else(|| redirect_uri.host())
}
