//! Authorization requests that were pushed: opened by their `request_uri`, completed once (RFC 9126 §4).

use chrono::{DateTime, Utc};
use domain::interaction::Purpose;
use domain::{Digest, ErrorCode, RequestUri, Secret, UserId};
use tokio::join;

use super::endpoint::AuthorizationEndpoint;
use super::pending_request::PendingRequest;
use super::reply::{AuthorizationResponse, Outcome, Reply};
use crate::browser::{Browser, EndedInteraction};
use crate::error::{Error, Refusal};
use crate::parameters::Parameters;
use crate::port::{self, IssuedCode};

impl AuthorizationEndpoint {
    /// Answers a request that names a pushed one; besides `client_id` no other parameter counts (RFC 9126 §4).
    ///
    /// Any browser may open it until it expires: a link scanner may open it before the user does. The pages that it led to
    /// work after that, as every page of an interaction does.
    pub(super) async fn authorize_pushed(
        &self,
        uri: &RequestUri,
        parameters: &Parameters,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<Reply, Error> {
        let key = uri.digest();
        // All at once: a store may answer several in one round trip. The refusal of the client comes first.
        let (client, found, signed_in) = join!(
            self.checks.client(parameters),
            self.pushed_requests.find(key, now),
            self.sessions.find(browser, now),
        );
        let client = client?;
        let request = match found? {
            Some(pushed) if pushed.request.incarnation == client.incarnation => pushed.request,
            Some(_) => return Err(unusable("the pushed request is another client's")),
            None => return Err(unusable("no such request was pushed, or it has expired or was completed")),
        };
        self.checks.recheck_client(&client, &request).await?;
        let pending = PendingRequest { client, request, interaction: None };
        self.answer(pending, signed_in, browser, now).await
    }

    /// Completes a request before its one answer, and issues the code of the answer: its interaction first, then the pushed
    /// request, if it was pushed. The answer of an interaction that another request has completed a moment ago is the answer of
    /// that request.
    ///
    /// Every answer completes the pushed request, also one that is given again, so that no other browser gets a second one.
    ///
    /// # Errors
    /// `invalid_request_uri` when the request was completed already, in another browser; `invalid_request` when the
    /// interaction ended earlier.
    pub(super) async fn complete(
        &self,
        pending: &PendingRequest,
        user: Option<UserId>,
        (outcome, code): (Outcome, Option<&IssuedCode>),
        now: DateTime<Utc>,
    ) -> Result<Reply, Error> {
        let (outcome, by, code) = match &pending.interaction {
            Some(open) => {
                let outcome = self.interactions.finish(open, user, outcome, code, now).await?;
                (outcome, open.id.digest(), None)
            }
            None => (outcome, Secret::from_random(self.context.entropy.bytes()).digest(), code),
        };
        let request = &pending.request;
        let response = outcome.into_response(&self.context.settings.issuer, request.return_to.clone());
        self.hand_out(response, (request.pushed, by), code, now).await
    }

    /// The answer that an interaction of this browser ended with a moment ago, for a browser that sends its form again.
    ///
    /// # Errors
    /// `unauthorized_client` when the client may no longer be sent anything there; `invalid_request_uri` as for the first
    /// answer.
    pub(crate) async fn repeat(
        &self,
        ended: &EndedInteraction,
        user: Option<UserId>,
        now: DateTime<Utc>,
    ) -> Result<Option<Reply>, Error> {
        let (return_to, pushed) = match ended.purpose() {
            Purpose::Authorize(request) => (&request.return_to, request.pushed),
            Purpose::HeldError(held) => (&held.return_to, None),
            Purpose::SignOut { .. } | Purpose::Device { .. } | Purpose::Home | Purpose::Account { .. } => {
                return Ok(None);
            }
        };
        let (Some((client, incarnation)), Some(outcome)) =
            (ended.client(), ended.answer::<Outcome>(user, now)?)
        else {
            return Ok(None);
        };
        self.checks.recheck_return_to(client, *incarnation, return_to).await?;
        let response = outcome.into_response(&self.context.settings.issuer, return_to.clone());
        self.hand_out(response, (pushed, ended.id().digest()), None, now).await.map(Some)
    }

    /// As [`repeat`](Self::repeat), for the user who is signed in with this browser, if one is.
    pub(crate) async fn repeat_for_browser(
        &self,
        interaction: &str,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<Option<Reply>, Error> {
        let Some(ended) = self.interactions.find_ended(interaction, browser, now).await? else {
            return Ok(None);
        };
        let signed_in = self.sessions.find(browser, now).await?;
        self.repeat(&ended, signed_in.map(|signed_in| signed_in.user.id), now).await
    }

    /// Completes the pushed request, if it was pushed, and issues the `code`, unless that is issued already.
    pub(super) async fn hand_out(
        &self,
        response: AuthorizationResponse,
        (pushed, by): (Option<Digest>, Digest),
        code: Option<&IssuedCode>,
        now: DateTime<Utc>,
    ) -> Result<Reply, Error> {
        match (pushed, code) {
            (Some(key), code) => match self.pushed_requests.complete(key, by, code, now).await? {
                port::Completion::Completed => {}
                port::Completion::Gone => return Err(unusable("the pushed request was completed already")),
            },
            (None, Some(IssuedCode { digest, code })) => self.codes.issue(*digest, code).await?,
            (None, None) => {}
        }
        Ok(response.into())
    }
}

fn unusable(detail: &'static str) -> Error {
    let description =
        "the request_uri is unknown, has expired, was used already, or is another application's";
    Refusal::new(ErrorCode::InvalidRequestUri, description).because(detail).into()
}
