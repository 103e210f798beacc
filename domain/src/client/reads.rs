//! Reads the members whose value depends on more than their own text.

use std::collections::BTreeSet;

use super::Client;
use super::input::Input;
use super::policy::Registrant;
use super::problem::Problem;
use crate::redirect_uri::{LOGOUT_PARAMETERS, RESPONSE_PARAMETERS};
use crate::self_registration::ApplicationType;
use crate::{GrantType, RedirectUri, RequestObjectUri, Scope};

/// More than a client publishes signed requests at.
const MAX_REQUEST_URIS: usize = 20;

/// Native clients may have private-use schemes, web clients may not (OpenID Connect Dynamic Registration §2). Both may
/// be on this machine, for development, and at an https address that belongs to them (RFC 8252 §7.2). An operator knows
/// what they run.
pub(super) fn read_redirect_uris(input: &Input<'_>, client: &mut Client) -> Result<(), Problem> {
    let is_web = client.registration.as_ref().is_none_or(|own| own.application_type == ApplicationType::Web);
    let mut uris = Vec::new();
    for text in input.texts()? {
        let uri: RedirectUri = text.parse().map_err(|reason| Problem::redirect_uri(format!("{reason}")))?;
        if let Some(name) = uri.reserved_parameter(&RESPONSE_PARAMETERS) {
            let text = format!("{uri} has the parameter {name} in its query, which the response has too");
            return Err(Problem::redirect_uri(text));
        }
        if uri.is_private_use() && is_web && input.policy.registrant.is_client() {
            let text = "a private-use scheme is for clients of the application_type native only";
            return Err(Problem::redirect_uri(text));
        }
        uris.push(uri);
    }
    client.redirect_uris = uris;
    Ok(())
}

pub(super) fn read_post_logout_redirect_uris(input: &Input<'_>, client: &mut Client) -> Result<(), Problem> {
    let uris: Vec<RedirectUri> = input.list(usize::MAX)?;
    if let Some(uri) = uris.iter().find(|uri| uri.reserved_parameter(&LOGOUT_PARAMETERS).is_some()) {
        return Err(
            input.problem(format!("{uri} has the parameter state in its query, which the answer has too"))
        );
    }
    client.post_logout_redirect_uris = uris;
    Ok(())
}

pub(super) fn read_grant_types(input: &Input<'_>, client: &mut Client) -> Result<(), Problem> {
    let mut texts = input.texts()?;
    if texts.is_empty() {
        texts.push(GrantType::AuthorizationCode.as_str());
    }
    client.grant_types = match input.policy.registrant {
        Registrant::Operator => {
            let unknown = |_| input.problem("names a grant type that this server does not have");
            texts.into_iter().map(str::parse).collect::<Result<_, _>>().map_err(unknown)?
        }
        Registrant::Client(allowance) => {
            let known = texts.into_iter().filter_map(|text| text.parse().ok());
            known.filter(|grant| allowance.grant_types.contains(grant)).collect()
        }
    };
    // A client with nothing but a grant that continues another one could get no token at all.
    let is_useless = client.grant_types.iter().all(|grant| grant.continues_another());
    if is_useless && input.policy.registrant.is_client() {
        return Err(input.problem("none of these can be had by registering here"));
    }
    Ok(())
}

/// What a client of an operator may ask for if its document does not say: the user's identity, where a user is asked.
fn new_client_scope(grant_types: &BTreeSet<GrantType>) -> Scope {
    let asks_user = grant_types.iter().any(|grant| grant.asks_user());
    ["openid", "profile", "email"].into_iter().filter(|_| asks_user).collect()
}

pub(super) fn read_scope(input: &Input<'_>, client: &mut Client) -> Result<(), Problem> {
    let sent: Option<Scope> = match input.text()? {
        None => None,
        Some(text) => Some(text.parse().map_err(|_| input.problem("is malformed"))?),
    };
    client.scope = match (input.policy.registrant, sent) {
        (Registrant::Operator, None) => new_client_scope(&client.grant_types),
        (Registrant::Operator, Some(sent)) => {
            if let Some(unknown) = sent.iter().find(|token| !input.policy.scopes.contains(token)) {
                return Err(input.problem(format!(
                    "unknown scope: {unknown}. The setting scopes lists what exists beside the standard ones"
                )));
            }
            sent
        }
        (Registrant::Client(allowance), None) => allowance.scope.clone(),
        (Registrant::Client(allowance), Some(sent)) => {
            // What it may not have is left out. If nothing is left, it is like a registration without a scope: many clients
            // send a name of their own (RFC 7591 §3.2.1).
            let allowed = sent.filtered(|token| allowance.scope.contains(token));
            if allowed.is_empty() { allowance.scope.clone() } else { allowed }
        }
    };
    Ok(())
}

pub(super) fn read_request_uris(input: &Input<'_>, client: &mut Client) -> Result<(), Problem> {
    let uris: Vec<RequestObjectUri> = input.list(MAX_REQUEST_URIS)?;
    uris.iter().try_for_each(|uri| input.allowed(uri.address()))?;
    client.request_objects.uris = uris;
    Ok(())
}
