//! Asking the user, and what they answered.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::interaction::Purpose;
use domain::{Client, Consent, ErrorCode, Interaction, Scope};

use super::{Asked, AuthorizationEndpoint, Decision, OpenInteraction, Page, Reply, interact};
use crate::browser::Browser;
use crate::error::Error;
use crate::port::SignedIn;
use crate::resource::indicators::NamedResource;

/// What the consent page shows.
#[derive(Debug)]
pub struct ConsentView {
    /// The interaction of the page.
    pub open: OpenInteraction,
    /// The token of its form.
    pub form_token: String,
    /// Who asks.
    pub client: Client,
    /// The host the answer goes to, if it goes to one.
    pub host: Option<String>,
    /// For what.
    pub scope: Scope,
    /// For which claims about the user, one by one, that the scope does not open.
    pub claims: BTreeSet<String>,
    /// At which resources, if it named any.
    pub resources: Vec<NamedResource>,
    /// Whom it asks.
    pub account: String,
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

impl AuthorizationEndpoint {
    /// What to show on the consent page of this interaction; or where to go instead, when there is nothing to ask.
    ///
    /// # Errors
    /// `invalid_request` when the interaction is not this browser's, or is finished or expired.
    pub async fn consent_page(
        &self,
        id: &str,
        browser: &Browser,
    ) -> Result<Result<ConsentView, Reply>, Error> {
        let now = self.clock.now();
        let (asked, signed_in) = self.asked(id, browser, now).await?;
        match self.decide(&asked, signed_in.as_ref(), now).await? {
            Decision::Consent => {}
            Decision::Grant | Decision::Login | Decision::Refuse(..) => {
                return self.proceed(asked, signed_in, browser, now).await.map(Err);
            }
        }
        let (Some(open), Some(signed_in)) = (asked.interaction, signed_in) else {
            return Err(interact::gone("the consent page needs an interaction and a session"));
        };
        Ok(Ok(ConsentView {
            form_token: open.form_token_of(&signed_in.session),
            open,
            host: asked.request.return_to.redirect_uri().host(),
            client: asked.client,
            claims: asked.request.claims.beyond(&asked.request.scope),
            scope: asked.request.scope,
            resources: self.indicators.named(asked.request.resources).await?,
            account: signed_in.user.username.as_str().to_owned(),
        }))
    }

    /// What follows from the user's answer.
    ///
    /// # Errors
    /// `invalid_request` when the form is not from this browser's page, or the interaction is finished or expired.
    pub async fn consent(&self, form: &ConsentForm, browser: &Browser) -> Result<Reply, Error> {
        let now = self.clock.now();
        let (asked, signed_in) = self.asked(&form.interaction, browser, now).await?;
        match self.before_consent(&asked, signed_in.as_ref(), now).await? {
            Decision::Consent | Decision::Grant => {}
            Decision::Login | Decision::Refuse(..) => {
                return self.proceed(asked, signed_in, browser, now).await;
            }
        }
        let Some(signed_in) = signed_in else {
            return self.interact(Page::Login, asked, browser, now).await;
        };
        let shown_to = interact::form_of(&form.interaction, &signed_in.session);
        if !browser.sent_form(&shown_to, &form.form_token) {
            return Err(interact::gone(
                "the consent form does not carry the token of this browser and session",
            ));
        }
        if !form.allow {
            self.settle(&asked, now).await?;
            let description = "the user denied the request";
            return Ok(self.respond_error(asked.request.return_to, ErrorCode::AccessDenied, description));
        }
        if let Some(consent) = self.remembered(&asked, &signed_in, now) {
            self.consents.grant(&consent).await?;
        }
        self.grant(asked, &signed_in, now).await
    }

    fn remembered(&self, asked: &Asked, signed_in: &SignedIn, now: DateTime<Utc>) -> Option<Consent> {
        let rememberable = asked.client.consent_can_be_remembered(asked.request.return_to.redirect_uri());
        let Asked { client, request, .. } = asked;
        rememberable.then(|| {
            Consent::new(signed_in.user.id, client.id.clone(), &request.scope, &request.resources, now)
                .with_claims(request.claims.beyond(&request.scope))
        })
    }

    async fn asked(
        &self,
        id: &str,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<(Asked, Option<SignedIn>), Error> {
        let (open, interaction) = self.open(id, browser, now).await?;
        let Interaction { purpose: Purpose::Authorize(request), created_at, .. } = interaction else {
            return Err(interact::gone("the interaction asks for no consent"));
        };
        let client = self.still_allowed(&request).await?;
        let signed_in = self.signed_in(browser, now).await?;
        Ok((
            Asked { client, request: *request, waiting_since: Some(created_at), interaction: Some(open) },
            signed_in,
        ))
    }
}
