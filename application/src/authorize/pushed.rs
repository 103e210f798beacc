//! Authorization requests that were pushed before: checked, opened by their `request_uri`, completed once (RFC 9126).

use chrono::{DateTime, Utc};
use domain::interaction::Purpose;
use domain::{AuthorizationRequest, Client, Digest, ErrorCode, Interaction, RequestUri, Secret};

use super::check::{self, Channel};
use super::{Asked, AuthorizationEndpoint, OpenInteraction, Reply, interact};
use crate::browser::Browser;
use crate::error::{Error, Refusal};
use crate::parameters::Parameters;
use crate::port::Completed;

impl AuthorizationEndpoint {
    /// Checks what an authenticated client pushes, by the same list as what comes by a browser (RFC 9126 §2.1).
    ///
    /// # Errors
    /// What the authorization endpoint would answer; the client is told directly.
    pub(crate) async fn check_pushed(
        &self,
        client: &Client,
        parameters: &Parameters,
    ) -> Result<AuthorizationRequest, Error> {
        Ok(check::of_client(self, client, parameters, Channel::Back).await?)
    }

    /// Answers a request that names a pushed one; besides `client_id` no other parameter counts (RFC 9126 §4).
    ///
    /// Any browser may open it until it expires, as whatever looks into links for people does it before them. A
    /// browser that opened it in time is led back to its interaction as long as that is open.
    ///
    /// # Errors
    /// `invalid_request_uri` when it is unknown, expired, completed or of another client, always the same.
    pub(super) async fn authorize_pushed(
        &self,
        uri: &RequestUri,
        parameters: &Parameters,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<Reply, Error> {
        let client = check::client(self, parameters).await?;
        let key = uri.digest();
        if let Some((open, interaction)) = self.opened(&key, browser, now).await? {
            if !interaction.purpose.asks_for(&client.id) {
                return Err(unusable("the pushed request is another client's"));
            }
            return self.go_on(open, interaction, browser, now).await;
        }
        let request = match self.pushed_requests.find(key, now).await? {
            Some(pushed) if pushed.request.client == client.id => pushed.request,
            Some(_) => return Err(unusable("the pushed request is another client's")),
            None => return Err(unusable("no such request was pushed, or it has expired or was completed")),
        };
        let client = self.still_allowed(&request).await?;
        let signed_in = self.signed_in(browser, now).await?;
        let asked = Asked { client, request, interaction: None, waiting_since: None };
        self.proceed(asked, signed_in, browser, now).await
    }

    /// The interaction in which this browser opened the pushed request before, if it is still open.
    async fn opened(
        &self,
        key: &Digest,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<Option<(OpenInteraction, Interaction)>, Error> {
        let Some(binding) = browser.binding.clone() else {
            return Ok(None);
        };
        let id = interaction_id(key, &binding);
        let found = self.interactions.find(id.digest(), now).await?;
        Ok(found.map(|interaction| {
            let ui_locales = interaction.purpose.ui_locales();
            (OpenInteraction { id, binding, ui_locales }, interaction)
        }))
    }

    /// Begins the one interaction of a pushed request in this browser.
    pub(super) async fn begin_pushed(
        &self,
        key: &Digest,
        request: AuthorizationRequest,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<OpenInteraction, Error> {
        let binding = self.binding(browser);
        let ui_locales = request.ui_locales.clone();
        let open = OpenInteraction { id: interaction_id(key, &binding), binding, ui_locales };
        let interaction =
            interact::interaction(Purpose::Authorize(Box::new(request)), Some(&open.binding), now);
        let begun = self.interactions.begin(open.id.digest(), &interaction).await;
        match begun {
            Ok(()) => Ok(open),
            // The browser opened the URI twice at the same time: both lead to the one that was kept.
            Err(taken) => match self.interactions.find(open.id.digest(), now).await? {
                Some(_) => Ok(open),
                None => Err(taken.into()),
            },
        }
    }

    /// Takes a request off the table, before its one answer: completes it if it was pushed, and ends its interaction.
    ///
    /// In this order, so that a store that fails leaves an interaction in which the user can try again.
    ///
    /// # Errors
    /// `invalid_request_uri` when the request was completed already, in another browser or at the same moment;
    /// `invalid_request` when the interaction was finished already.
    pub(super) async fn settle(&self, asked: &Asked, now: DateTime<Utc>) -> Result<(), Error> {
        if let Some(key) = asked.request.pushed {
            match self.pushed_requests.complete(key, now).await? {
                Completed::First => {}
                Completed::Gone => return Err(unusable("the pushed request was completed already")),
            }
        }
        match &asked.interaction {
            Some(open) => self.finish(open, now).await,
            None => Ok(()),
        }
    }
}

/// The same for the same URI in the same browser, and known to nobody without that browser's cookie.
fn interaction_id(key: &Digest, binding: &Secret) -> Secret {
    let parts: [&[u8]; 3] = [b"pushed", key.as_bytes(), binding.expose().as_bytes()];
    Secret::new(Digest::of_parts(&parts).to_base64url())
}

fn unusable(detail: &'static str) -> Error {
    let description =
        "the request_uri is unknown, has expired, was used already, or is another application's";
    Refusal::new(ErrorCode::InvalidRequestUri, description).because(detail).into()
}
