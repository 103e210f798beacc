//! The authorization endpoint: answers a request, and resumes it after a login.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::interaction::{OwnLogin, Purpose};
use domain::{AuthorizationRequest, RequestUri};
use tokio::join;

use super::check::{InvalidRequest, RequestChecks};
use super::decision::{self, Authentication, NextStep};
use super::no_access;
use super::parameters::PARAMETERS;
use super::pending_request::PendingRequest;
use super::reply::{Outcome, Reply};
use super::sender::Sender;
use super::visitor::Visitor;
use crate::browser::{
    Browser, BrowserInteractions, BrowserSessions, OpenInteraction, Page, PageRedirect, PostedRequests,
    PostedTo,
};
use crate::context::Context;
use crate::error::Error;
use crate::parameters::Parameters;
use crate::port::{AuthorizationCodes, Consents, PushedRequests, SecondFactors, SignedIn};
use crate::refusals::Reporter;
use crate::resource::indicators::ResourceIndicators;
use crate::users::groups::Entry;
use crate::users::subject_identifiers::SubjectIdentifiers;

/// Answers authorization requests.
pub struct AuthorizationEndpoint {
    /// The checks of a request.
    pub checks: Arc<RequestChecks>,
    /// The interactions in which requests wait for login and consent.
    pub interactions: Arc<BrowserInteractions>,
    /// The sessions of browsers.
    pub sessions: Arc<BrowserSessions>,
    /// Decides which users have access to which clients.
    pub entry: Arc<Entry>,
    /// The consents that users gave before.
    pub consents: Arc<dyn Consents>,
    /// Who has a second factor.
    pub factors: Arc<dyn SecondFactors>,
    /// The requests that clients pushed.
    pub pushed_requests: Arc<dyn PushedRequests>,
    /// The store of codes.
    pub codes: Arc<dyn AuthorizationCodes>,
    /// The subject identifiers under which clients know users.
    pub subject_identifiers: Arc<SubjectIdentifiers>,
    /// The names of resources, for the consent page.
    pub indicators: Arc<ResourceIndicators>,
    /// Seals posted requests.
    pub posted: Arc<PostedRequests>,
    /// Reports the errors that clients are told by redirect.
    pub reporter: Arc<Reporter>,
    /// Settings and time; entropy for codes.
    pub context: Context,
}

impl AuthorizationEndpoint {
    /// Answers a request that came by GET.
    ///
    /// # Errors
    /// A refusal is for an error page of this server: the client or its redirect URI is invalid, or the request names
    /// a pushed one that it cannot use. Every other error of the request is an error response to the client.
    pub async fn authorize(&self, parameters: &Parameters, browser: &Browser) -> Result<Reply, Error> {
        let now = self.context.now();
        if let Some(uri) = parameters.get("request_uri").and_then(RequestUri::parse) {
            return self.authorize_pushed(&uri, parameters, browser, now).await;
        }
        // Both at once: a store may answer both in one round trip.
        match join!(self.checks.check(parameters), self.sessions.find(browser, now)) {
            (Ok((client, request)), signed_in) => {
                let pending = PendingRequest { client, request, interaction: None };
                self.answer(pending, signed_in, browser, now).await
            }
            (Err(InvalidRequest::ErrorPage(error)), _) => Err(error),
            (Err(InvalidRequest::ErrorResponse(failed)), signed_in) => {
                let visitor = signed_in.as_ref().map_or(Visitor::Unknown, |user| Visitor::new(user.as_ref()));
                Ok(self.answer_error(*failed, visitor, browser, now).await)
            }
        }
    }

    /// Seals a request that another site posted. The browser repeats it with GET, which has this server's cookies.
    ///
    /// # Errors
    /// A refusal is for an error page: only a request of a registered client is repeated, if it is not too long.
    pub async fn seal_posted(&self, parameters: Parameters) -> Result<String, Error> {
        self.checks.check_sender(&parameters).await?;
        self.posted.seal(parameters, &PARAMETERS, PostedTo::Authorize)
    }

    /// Resumes a request after a login in its interaction.
    ///
    /// # Errors
    /// `unauthorized_client` when the client may no longer send this request.
    pub async fn resume(
        &self,
        mut open: OpenInteraction,
        request: AuthorizationRequest,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<Reply, Error> {
        // Both at once: a store may answer both in one round trip.
        let (client, signed_in) = join!(self.checks.recheck(&request), self.sessions.find(browser, now));
        let client = client?;
        if let Ok(Some(SignedIn { session, .. })) = &signed_in {
            open.own_login = Some(OwnLogin::of(session));
        }
        let pending = PendingRequest { client, request, interaction: Some(open) };
        self.answer(pending, signed_in, browser, now).await
    }

    /// Decides the next step of a valid request, and takes it. A store that fails from here on is an error response.
    pub(super) async fn answer(
        &self,
        pending: PendingRequest,
        signed_in: Result<Option<SignedIn>, Error>,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<Reply, Error> {
        let sender = Sender::new(&pending.client, &pending.request);
        let signed_in = match signed_in {
            Ok(signed_in) => signed_in,
            Err(error) => {
                return self.tell_outage(sender, Err(error), Visitor::Unknown, browser, now).await;
            }
        };
        let answer = async {
            let step = self.decide(&pending, signed_in.as_ref(), now).await?;
            self.carry_out(step, pending, browser, now).await
        };
        let answered = answer.await;
        self.tell_outage(sender, answered, Visitor::new(signed_in.as_ref()), browser, now).await
    }

    /// Decides the next step: first about the authentication, then about the entry and the consent.
    pub(super) async fn decide<'a>(
        &self,
        pending: &PendingRequest,
        signed_in: Option<&'a SignedIn>,
        now: DateTime<Utc>,
    ) -> Result<NextStep<'a>, Error> {
        Ok(match self.judge_authentication(pending, signed_in, now).await? {
            Authentication::Sufficient(signed_in) => {
                // Both at once: a store may answer both in one round trip.
                let (may_enter, has_consent) = join!(
                    self.entry.admits(signed_in.user.id, &pending.client),
                    self.has_consent(pending, signed_in)
                );
                decision::after_authentication(&pending.request, signed_in, may_enter?, has_consent?)
            }
            Authentication::SignIn => NextStep::SignIn,
            Authentication::Refuse(code, description) => NextStep::Refuse(code, description),
        })
    }

    /// Judges the authentication of the user who is signed in, as the client knows them.
    pub(super) async fn judge_authentication<'a>(
        &self,
        pending: &PendingRequest,
        signed_in: Option<&'a SignedIn>,
        now: DateTime<Utc>,
    ) -> Result<Authentication<'a>, Error> {
        let user = match signed_in {
            Some(signed_in) => Some((
                signed_in,
                self.subject_identifiers.for_client(&pending.client).await?.subject_for(signed_in.user.id),
            )),
            None => None,
        };
        let contexts = &self.context.settings.authentication_contexts;
        // Asked only where the answer matters.
        let has_factor = match signed_in {
            Some(SignedIn { session, user })
                if decision::prefers_two_factors(contexts, &pending.request, session) =>
            {
                self.factors.find(user.id).await?.ask_for_second_step()
            }
            Some(_) | None => false,
        };
        Ok(decision::judge_authentication(contexts, pending, (user, has_factor), now))
    }

    /// Takes the decided step. An error response completes the request.
    pub(super) async fn carry_out(
        &self,
        step: NextStep<'_>,
        pending: PendingRequest,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<Reply, Error> {
        match step {
            NextStep::IssueCode(signed_in) => self.issue_code(pending, signed_in, now).await,
            NextStep::SignIn => self.redirect_to(Page::Login, pending, browser, now),
            NextStep::AskConsent(_) | NextStep::ExplainNoAccess(_) => {
                self.redirect_to(Page::Consent, pending, browser, now)
            }
            NextStep::Refuse(code, description) => {
                let sender = Sender::new(&pending.client, &pending.request);
                let refusal = no_access::refusal(code, description, &pending.client);
                let error = self.refused(&sender, refusal, browser, now).await?;
                self.complete(&pending, None, (Outcome::Error(error), None), now).await
            }
        }
    }

    /// Sends the browser to a page, in the interaction in which the request waits, or in a new one.
    fn redirect_to(
        &self,
        page: Page,
        PendingRequest { request, interaction, .. }: PendingRequest,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<Reply, Error> {
        let purpose = Purpose::Authorize(Box::new(request));
        let open = match interaction {
            Some(open) => self.interactions.carry_on(open, purpose)?,
            None => self.interactions.begin(purpose, browser, now)?,
        };
        Ok(Reply::ToPage(PageRedirect { page, open }))
    }
}
