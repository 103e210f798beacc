//! Where an error of a request goes whose client and redirect URI are known good (RFC 6749 §4.1.2.1, RFC 9700 §4.11.2).
//!
//! It goes to the client, unless that made this server an open redirector: an attacker can register a client, and send
//! users a link to an invalid request of it.

use chrono::{DateTime, Utc};
use domain::interaction::{HeldError, Purpose};
use domain::{ClientId, ErrorCode, ErrorReference, ReturnTo};

use super::endpoint::AuthorizationEndpoint;
use super::reply::{AuthorizationResponse, ExplainedError, Outcome, Reply, ResponseError};
use super::sender::{FailedRequest, Sender};
use super::visitor::Visitor;
use crate::browser::{Browser, OpenInteraction, Page, PageRedirect};
use crate::error::{Advice, Error, Refusal};
use crate::port::SignedIn;

impl AuthorizationEndpoint {
    /// Answers a request that ends with an error. The error of a client that no operator vouches for is shown to a user who
    /// never agreed to the client, and the user decides whether to go on to it.
    pub(super) async fn answer_error(
        &self,
        FailedRequest { sender, error }: FailedRequest,
        visitor: Visitor<'_>,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Reply {
        let reference = self.reporter.report(&error, Some(sender.client.as_str()));
        let may_redirect = match (visitor, &error) {
            _ if sender.is_silent => true,
            (Visitor::SignedIn(user), _) => self.trusts(user, &sender.client, sender.is_vetted).await,
            // The user should not sign in for an application that cannot work.
            (Visitor::SignedOut, Error::Refused(refusal)) if refusal.advice == Some(Advice::UsePkce) => false,
            (Visitor::SignedOut, Error::Refused(refusal)) => {
                return self.hold((sender, refusal, reference), browser, now).await;
            }
            (Visitor::SignedOut, Error::Unavailable(_) | Error::Limited(_)) | (Visitor::Unknown, _) => {
                sender.is_vetted
            }
        };
        self.error_reply(sender.return_to, error, reference, may_redirect)
    }

    /// An error waits until a user signs in. Otherwise an attacker could use this endpoint as an open redirector for users
    /// who never sign in here.
    async fn hold(
        &self,
        (sender, refusal, reference): (Sender, &Refusal, ErrorReference),
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Reply {
        let held = HeldError {
            client: sender.client.clone(),
            incarnation: sender.incarnation,
            is_vetted: sender.is_vetted,
            return_to: sender.return_to.clone(),
            code: refusal.code,
            description: refusal.description.clone().into_owned(),
            reference: reference.clone(),
            ui_locales: sender.ui_locales,
        };
        match self.interactions.begin(Purpose::HeldError(held), browser, now) {
            Ok(open) => Reply::Held(PageRedirect { page: Page::Login, open }, reference),
            Err(error) => {
                let reference = self.reporter.report(&error, Some(sender.client.as_str()));
                self.error_reply(sender.return_to, error, reference, sender.is_vetted)
            }
        }
    }

    /// Answers an error that was held in this interaction, after a login.
    ///
    /// # Errors
    /// `unauthorized_client` when the client may no longer be sent anything there; `invalid_request` when the interaction
    /// was finished already.
    pub async fn resume_held_error(
        &self,
        open: OpenInteraction,
        held: HeldError,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<Reply, Error> {
        let Some(signed_in) = self.sessions.find(browser, now).await? else {
            return Ok(Reply::ToPage(PageRedirect { page: Page::Login, open }));
        };
        let client = self.checks.recheck_return_to(&held.client, held.incarnation, &held.return_to).await?;
        let error = ResponseError {
            code: held.code,
            description: held.description,
            reference: held.reference,
            asks_user: !self.trusts(&signed_in, &held.client, client.is_vetted()).await,
        };
        let issuer = &self.context.settings.issuer;
        let outcome = self.interactions.finish(&open, None, Outcome::Error(error), None, now).await?;
        Ok(outcome.into_response(issuer, held.return_to).into())
    }

    /// The same answer, but a store that failed is an error of the request: the client is told that it may try again.
    ///
    /// # Errors
    /// Every other error.
    pub(super) async fn tell_outage(
        &self,
        sender: Sender,
        answered: Result<Reply, Error>,
        visitor: Visitor<'_>,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<Reply, Error> {
        match answered {
            Err(error @ Error::Unavailable(_)) => {
                Ok(self.answer_error(sender.failed(error), visitor, browser, now).await)
            }
            answered => answered,
        }
    }

    /// Whether an error may go on to this client without a question to this user. If a store cannot say, it may not.
    async fn trusts(&self, user: &SignedIn, client: &ClientId, is_vetted: bool) -> bool {
        is_vetted || self.consents.find(user.user.id, client).await.is_ok_and(|consent| consent.is_some())
    }

    /// The error of a valid request that is refused. A user who denied has seen whom the answer goes to.
    pub(super) async fn refused(
        &self,
        sender: &Sender,
        refusal: Refusal,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<ResponseError, Error> {
        let goes_on = sender.is_silent || sender.is_vetted || refusal.code == ErrorCode::AccessDenied;
        let asks_user = match goes_on {
            true => false,
            false => match self.sessions.find(browser, now).await? {
                Some(user) => !self.trusts(&user, &sender.client, sender.is_vetted).await,
                None => true,
            },
        };
        let (code, description) = (refusal.code, refusal.description.clone().into_owned());
        let reference = self.reporter.report(&refusal.into(), Some(sender.client.as_str()));
        Ok(ResponseError { code, description, reference, asks_user })
    }

    fn error_reply(
        &self,
        return_to: ReturnTo,
        error: Error,
        reference: ErrorReference,
        may_redirect: bool,
    ) -> Reply {
        let (code, description) = match &error {
            Error::Refused(refusal) => (refusal.code, refusal.description.clone().into_owned()),
            Error::Limited(_) | Error::Unavailable(_) => {
                let description = "the server is temporarily unavailable; try again";
                (ErrorCode::TemporarilyUnavailable, description.to_owned())
            }
        };
        let summary =
            ResponseError { code, description, reference: reference.clone(), asks_user: !may_redirect };
        let issuer = &self.context.settings.issuer;
        let response = AuthorizationResponse::error(issuer, return_to, summary);
        if may_redirect {
            Reply::ToClient(response)
        } else {
            Reply::Explained(Box::new(ExplainedError { response, error, reference }))
        }
    }
}
