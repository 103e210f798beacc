//! The ordered checks of an authorization request: the same list wherever a request comes from.

mod client;
mod id_token_hint;
mod max_age;
mod pkce;
mod prompt;
mod request_object;
mod response_type;
mod return_to;
mod scope;

pub(crate) use scope::check as check_scope;

use domain::{AuthorizationRequest, Client, ReturnTo};

use super::AuthorizationEndpoint;
use crate::error::{Error, Refusal};
use crate::parameters::Parameters;

/// Why a request is not answered as asked.
#[derive(Debug)]
pub enum Invalid {
    /// There is nowhere to redirect to: an error page.
    Page(Error),
    /// The client is told.
    Back {
        /// Where it listens.
        return_to: ReturnTo,
        /// What is wrong.
        refusal: Refusal,
        /// Whether the client asked for an answer without any page (`prompt=none`).
        silent: bool,
    },
}

/// Checks a request in order: client, redirect URI, and only then what can be answered by redirect.
pub(super) async fn request(
    endpoint: &AuthorizationEndpoint,
    parameters: &Parameters,
) -> Result<(Client, AuthorizationRequest), Invalid> {
    let client = client::check(endpoint, parameters).await.map_err(Invalid::Page)?;
    let return_to = return_to::check(&client, parameters).map_err(|refusal| Invalid::Page(refusal.into()))?;
    match rest(endpoint, &client, &return_to, parameters).await {
        Ok(request) => Ok((client, request)),
        Err(Error::Refused(refusal)) => {
            let silent = parameters.get("prompt") == Some("none");
            Err(Invalid::Back { return_to, refusal, silent })
        }
        Err(error) => Err(Invalid::Page(error)),
    }
}

async fn rest(
    endpoint: &AuthorizationEndpoint,
    client: &Client,
    return_to: &ReturnTo,
    parameters: &Parameters,
) -> Result<AuthorizationRequest, Error> {
    let settings = &endpoint.settings;
    return_to::check_mode(parameters)?;
    request_object::check(parameters)?;
    response_type::check(client, parameters)?;
    let scope = scope::check(settings, client, parameters)?;
    let code_challenge = pkce::check(settings.pkce, client, parameters)?;
    let prompt = prompt::check(parameters)?;
    let max_age_seconds = max_age::check(parameters)?;
    let hinted_user = id_token_hint::check(&endpoint.id_tokens, client, parameters).await?;
    Ok(AuthorizationRequest {
        client: client.id.clone(),
        return_to: return_to.clone(),
        scope,
        code_challenge,
        nonce: parameters.get("nonce").map(str::to_owned),
        prompt,
        max_age_seconds,
        hinted_user,
        login_hint: parameters.get("login_hint").map(str::to_owned),
    })
}
