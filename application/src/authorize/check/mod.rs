//! The ordered checks of an authorization request: the same list wherever a request comes from.

mod acr_values;
mod claims;
mod client;
mod id_token_hint;
mod max_age;
mod pkce;
mod prompt;
mod pushed;
mod registration;
mod response_type;
mod return_to;
mod scope;

pub(crate) use scope::check as check_scope;

use std::borrow::Cow;

use domain::{AuthorizationRequest, Client, ClientId, RequestUri, ReturnTo, UiLocales};

use super::AuthorizationEndpoint;
use crate::authorize::request_object;
use crate::error::{Error, Refusal};
use crate::parameters::Parameters;

/// Why a request is not answered as asked.
#[derive(Debug)]
pub enum Invalid {
    /// There is nowhere to redirect to: an error page.
    Page(Error),
    /// The client is told.
    Back {
        /// Who asks.
        client: ClientId,
        /// Where it listens.
        return_to: ReturnTo,
        /// What is wrong.
        refusal: Refusal,
        /// Whether the client asked for an answer without any page (`prompt=none`).
        silent: bool,
        /// What languages it asked our pages to be in.
        ui_locales: UiLocales,
    },
}

/// How the parameters of a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Channel {
    /// In the browser of the user.
    Front,
    /// From the client itself, which has authenticated (RFC 9126 §2.1).
    Back,
}

impl From<Invalid> for Error {
    /// For a client that waits for the answer itself (RFC 9126 §2.3).
    fn from(invalid: Invalid) -> Self {
        match invalid {
            Invalid::Page(error) => error,
            Invalid::Back { refusal, .. } => refusal.into(),
        }
    }
}

/// Checks a request in order: client, redirect URI, and only then what can be answered by redirect.
pub(super) async fn request(
    endpoint: &AuthorizationEndpoint,
    parameters: &Parameters,
) -> Result<(Client, AuthorizationRequest), Invalid> {
    let client = client(endpoint, parameters).await.map_err(Invalid::Page)?;
    let request = of_client(endpoint, &client, parameters, Channel::Front).await?;
    Ok((client, request))
}

/// The enabled client that asks.
pub(super) async fn client(
    endpoint: &AuthorizationEndpoint,
    parameters: &Parameters,
) -> Result<Client, Error> {
    client::check(endpoint, parameters).await
}

/// Checks what a client asks for, wherever it comes from: what of it counts, redirect URI, and then the rest.
pub(super) async fn of_client(
    endpoint: &AuthorizationEndpoint,
    client: &Client,
    sent: &Parameters,
    channel: Channel,
) -> Result<AuthorizationRequest, Invalid> {
    // Before anything is fetched for a request that is refused whatever it says.
    if sent.get("request_uri").is_some() {
        pushed::check(&endpoint.settings, client, channel)
            .map_err(|refusal| Invalid::Page(refusal.into()))?;
    }
    let parameters = &*counting(endpoint, client, sent).await.map_err(Invalid::Page)?;
    let return_to = return_to::check(client, parameters).map_err(|refusal| Invalid::Page(refusal.into()))?;
    match rest(endpoint, client, &return_to, parameters, channel).await {
        Ok(request) => Ok(request),
        Err(Error::Refused(refusal)) => {
            let silent = parameters.get("prompt") == Some("none");
            let (client, ui_locales) = (client.id.clone(), parameters.ui_locales());
            Err(Invalid::Back { client, return_to, refusal, silent, ui_locales })
        }
        Err(error) => Err(Invalid::Page(error)),
    }
}

/// The parameters that count: those that the client signed, if it signed any. Before anything is fetched for it, a
/// redirect URI outside has to be the client's, and if there is none, the client has to have one.
async fn counting<'a>(
    endpoint: &AuthorizationEndpoint,
    client: &Client,
    sent: &'a Parameters,
) -> Result<Cow<'a, Parameters>, Error> {
    if sent.get("redirect_uri").is_some() || client.redirect_uris.is_empty() {
        return_to::check(client, sent)?;
    }
    let signed = endpoint.request_objects.open(client, sent).await?;
    Ok(signed.map_or(Cow::Borrowed(sent), Cow::Owned))
}

/// Whether a registered client may have sent this: the two checks that come before everything else.
pub(super) async fn sender(endpoint: &AuthorizationEndpoint, parameters: &Parameters) -> Result<(), Error> {
    let client = client::check(endpoint, parameters).await?;
    match parameters.get("request_uri") {
        // A pushed request has its redirect URI from the push.
        Some(uri) if RequestUri::parse(uri).is_some() => {}
        // Whatever is to be fetched, our own GET fetches.
        Some(uri) => drop(request_object::registered(&client, uri)?),
        None => drop(return_to::check(&client, &*counting(endpoint, &client, parameters).await?)?),
    }
    Ok(())
}

async fn rest(
    endpoint: &AuthorizationEndpoint,
    client: &Client,
    return_to: &ReturnTo,
    parameters: &Parameters,
    channel: Channel,
) -> Result<AuthorizationRequest, Error> {
    let settings = &endpoint.settings;
    pushed::check(settings, client, channel)?;
    return_to::check_mode(parameters)?;
    registration::check(parameters)?;
    response_type::check(client, parameters)?;
    let scope = scope::check(settings, client, parameters)?;
    let resources = endpoint.indicators.allowed(client, parameters).await?;
    let code_challenge = pkce::check(settings.pkce, client, parameters)?;
    let prompt = prompt::check(parameters)?;
    let max_age_seconds = max_age::check(client, parameters)?;
    let claims = claims::check(client, &scope, parameters)?;
    let acr_values = acr_values::check(settings, client, &claims, parameters);
    let hinted_subject = id_token_hint::check(&endpoint.id_tokens, client, parameters).await?;
    Ok(AuthorizationRequest {
        client: client.id.clone(),
        return_to: return_to.clone(),
        scope,
        resources,
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
    })
}
