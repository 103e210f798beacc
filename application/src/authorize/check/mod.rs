//! The ordered checks of an authorization request: one table for all three ways to send it.

mod acr_values;
mod claims;
mod client;
mod id_token_hint;
mod invalid_request;
mod lengths;
mod max_age;
mod pkce;
mod prompt;
mod pushed;
mod recheck;
mod registration;
mod response_type;
mod return_to;
mod scope;

use std::sync::Arc;

use domain::{AuthorizationRequest, Client, RequestUri, ReturnTo};

use crate::authorize::request_object::{RequestObjectReader, registered_uri};
use crate::authorize::sender::Sender;
use crate::context::Context;
use crate::error::{Error, Refusal};
use crate::parameters::{Parameters, repeated};
use crate::port::Clients;
use crate::resource::indicators::ResourceIndicators;
use crate::token::id_token::IdTokens;
use pushed::Channel;

pub(super) use invalid_request::InvalidRequest;
pub(crate) use scope::{
    UndeclaredScopes, check as check_scope, default_scope, refuse_administration,
    requested as requested_scope, shortened,
};

/// Checks authorization requests.
pub struct RequestChecks {
    /// The registered clients.
    pub clients: Arc<dyn Clients>,
    /// Reads `id_token_hint`.
    pub id_tokens: Arc<IdTokens>,
    /// Opens requests that clients signed.
    pub request_objects: Arc<RequestObjectReader>,
    /// Checks the resources that a request names.
    pub indicators: Arc<ResourceIndicators>,
    /// The operator's settings.
    pub context: Context,
}

impl RequestChecks {
    /// The table of checks after client and redirect URI, in this order. The first that fails is answered.
    async fn check_in_order(
        &self,
        client: &Client,
        return_to: &ReturnTo,
        parameters: &Parameters,
        channel: Channel,
    ) -> Result<AuthorizationRequest, Error> {
        let settings = &self.context.settings;
        if let Some(name) = parameters.repeated() {
            return Err(repeated(name).into());
        }
        lengths::check(settings, parameters)?;
        pushed::check(settings, client, channel)?;
        return_to::check_mode(parameters)?;
        registration::check(parameters)?;
        response_type::check(client, parameters)?;
        let target = self.indicators.allowed(client, parameters).await?;
        let scope = scope::check(settings, client, parameters, &target, UndeclaredScopes::Ignored)?;
        let code_challenge = pkce::check(settings.pkce, client, parameters)?;
        let prompt = prompt::check(parameters)?;
        let max_age_seconds = max_age::check(client, parameters)?;
        let claims = claims::check(settings, client, &scope, parameters)?;
        let acr_values = acr_values::check(settings, client, &claims, parameters);
        let hinted_subject = id_token_hint::check(&self.id_tokens, client, parameters).await?;
        let request = AuthorizationRequest {
            client: client.id.clone(),
            incarnation: client.incarnation,
            is_vetted: client.is_vetted(),
            return_to: return_to.clone(),
            names_redirect_uri: parameters.get("redirect_uri").is_some(),
            scope,
            incarnations: target.incarnations(),
            resources: target.resources,
            code_challenge,
            nonce: parameters.get("nonce").map(str::to_owned),
            prompt,
            max_age_seconds,
            hinted_subject,
            login_hint: parameters.get("login_hint").map(str::to_owned),
            claims,
            acr_values,
            ui_locales: parameters.ui_locales(),
            pushed: None,
        };
        lengths::check_whole(&request, parameters)?;
        Ok(request)
    }

    /// Checks a request that came in a browser: first the client and the redirect URI, then everything that can be
    /// answered with an error response.
    pub(super) async fn check(
        &self,
        parameters: &Parameters,
    ) -> Result<(Client, AuthorizationRequest), InvalidRequest> {
        let client = self.client(parameters).await.map_err(InvalidRequest::ErrorPage)?;
        let request = self.check_from_client(&client, parameters, Channel::Front).await?;
        Ok((client, request))
    }

    /// Checks a request that an authenticated client pushed, by the same table (RFC 9126 §2.1).
    pub(super) async fn check_pushed(
        &self,
        client: &Client,
        parameters: &Parameters,
    ) -> Result<AuthorizationRequest, Error> {
        Ok(self.check_from_client(client, parameters, Channel::Back).await?)
    }

    /// Checks only whether a registered client may have sent this: the two checks that come before everything else.
    pub(super) async fn check_sender(&self, parameters: &Parameters) -> Result<(), Error> {
        let client = self.client(parameters).await?;
        match parameters.get("request_uri") {
            // A pushed request has its redirect URI from the push.
            Some(uri) if RequestUri::parse(uri).is_some() => {}
            // The GET of the browser fetches it.
            Some(uri) => drop(registered_uri(&client, uri)?),
            None => {
                let signed = self.request_objects.open(&client, parameters).await?;
                let inside = signed.as_ref().map(|object| &object.parameters);
                return_to::check(&self.context.settings, &client, inside.unwrap_or(parameters))?;
            }
        }
        Ok(())
    }

    /// The enabled client that sent the request.
    pub(super) async fn client(&self, parameters: &Parameters) -> Result<Client, Error> {
        client::check(&*self.clients, parameters).await
    }

    async fn check_from_client(
        &self,
        client: &Client,
        sent: &Parameters,
        channel: Channel,
    ) -> Result<AuthorizationRequest, InvalidRequest> {
        let page = |refusal: Refusal| InvalidRequest::ErrorPage(refusal.into());
        // Before anything is fetched for a request that is refused in any case.
        if sent.get("request_uri").is_some() {
            pushed::check(&self.context.settings, client, channel).map_err(page)?;
        }
        let signed = self.request_objects.open(client, sent).await.map_err(page)?;
        let (parameters, fault) = match &signed {
            Some(object) => (&object.parameters, object.fault.clone()),
            None => (sent, None),
        };
        let return_to = return_to::check(&self.context.settings, client, parameters).map_err(page)?;
        let checked = match fault {
            Some(fault) => Err(fault.into()),
            None => self.check_in_order(client, &return_to, parameters, channel).await,
        };
        checked.map_err(|error| {
            let sender = Sender {
                client: client.id.clone(),
                incarnation: client.incarnation,
                is_vetted: client.is_vetted(),
                return_to,
                is_silent: prompt::is_silent(parameters),
                ui_locales: parameters.ui_locales(),
            };
            InvalidRequest::ErrorResponse(Box::new(sender.failed(error)))
        })
    }
}
