//! Authorization requests that were pushed: opened by their `request_uri`, completed once (RFC 9126 §4).

use chrono::{DateTime, Utc};
use domain::interaction::Purpose;
use domain::{ErrorCode, RequestUri};

use super::endpoint::AuthorizationEndpoint;
use super::pending_request::PendingRequest;
use super::reply::Reply;
use crate::browser::Browser;
use crate::error::{Error, Refusal};
use crate::parameters::Parameters;
use crate::port::Completed;

impl AuthorizationEndpoint {
    /// Answers a request that names a pushed one; besides `client_id` no other parameter counts (RFC 9126 §4).
    ///
    /// Any browser may open it until it expires: a link scanner may open it before the user does. A browser that opened it
    /// in time is led back to its interaction as long as that is open.
    pub(super) async fn authorize_pushed(
        &self,
        uri: &RequestUri,
        parameters: &Parameters,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<Reply, Error> {
        let client = self.checks.client(parameters).await?;
        let key = uri.digest();
        if let Some((open, purpose)) = self.interactions.find_pushed(&key, browser, now).await? {
            return match purpose {
                Purpose::Authorize(request) if request.client == client.id => {
                    self.resume(open, *request, browser, now).await
                }
                Purpose::Authorize(_)
                | Purpose::PostedRequest(_)
                | Purpose::HeldError(_)
                | Purpose::SignOut { .. }
                | Purpose::Device { .. }
                | Purpose::Home => Err(unusable("the pushed request is another client's")),
            };
        }
        let request = match self.pushed_requests.find(key, now).await? {
            Some(pushed) if pushed.request.client == client.id => pushed.request,
            Some(_) => return Err(unusable("the pushed request is another client's")),
            None => return Err(unusable("no such request was pushed, or it has expired or was completed")),
        };
        let client = self.checks.recheck(&request).await?;
        let signed_in = self.sessions.find(browser, now).await?;
        let pending = PendingRequest { client, request, interaction: None };
        self.answer(pending, signed_in.as_ref(), browser, now).await
    }

    /// Completes a request before its one answer: the pushed request first, if it was pushed, then its interaction.
    ///
    /// In this order, so that a store that fails leaves an interaction in which the user can try again.
    ///
    /// # Errors
    /// `invalid_request_uri` when the request was completed already, in another browser or at the same moment;
    /// `invalid_request` when the interaction was finished already.
    pub(super) async fn complete(&self, pending: &PendingRequest, now: DateTime<Utc>) -> Result<(), Error> {
        if let Some(key) = pending.request.pushed {
            match self.pushed_requests.complete(key, now).await? {
                Completed::First => {}
                Completed::Gone => return Err(unusable("the pushed request was completed already")),
            }
        }
        match &pending.interaction {
            Some(open) => self.interactions.finish(open, now).await,
            None => Ok(()),
        }
    }
}

fn unusable(detail: &'static str) -> Error {
    let description =
        "the request_uri is unknown, has expired, was used already, or is another application's";
    Refusal::new(ErrorCode::InvalidRequestUri, description).because(detail).into()
}
