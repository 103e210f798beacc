//! Reads the members whose value depends on more than their own text.

use std::collections::BTreeSet;

use super::input::Input;
use super::policy::Registrant;
use super::problem::Problem;
use super::{ApplicationType, Client};
use crate::redirect_uri::{LOGOUT_PARAMETERS, RESPONSE_PARAMETERS, RedirectUriRules};
use crate::scope::ADMINISTRATION;
use crate::{ErrorCode, GrantType, GroupName, RedirectUri, RequestObjectUri, Scope};

/// More groups than an operator names for one client.
const MAX_ALLOWED_GROUPS: usize = 100;
/// More than a client publishes signed requests at.
const MAX_REQUEST_URIS: usize = 20;

/// The most bytes of a wrong redirect URI that its problem repeats.
const MAX_SHOWN_BYTES: usize = 200;

/// A client that registers itself with a private-use scheme always runs on its user's device (OpenID Connect
/// Dynamic Registration §2, RFC 7591 §3.2.1).
pub(super) fn read_redirect_uris(input: &Input<'_>, client: &mut Client) -> Result<(), Problem> {
    client.redirect_uris = redirect_uris(input, client, &RESPONSE_PARAMETERS, ErrorCode::InvalidRedirectUri)?;
    if input.policy.registrant.is_client() && client.redirect_uris.iter().any(RedirectUri::is_private_use) {
        client.details.application_type = ApplicationType::Native;
    }
    Ok(())
}

pub(super) fn read_post_logout_redirect_uris(input: &Input<'_>, client: &mut Client) -> Result<(), Problem> {
    client.post_logout_redirect_uris =
        redirect_uris(input, client, &LOGOUT_PARAMETERS, ErrorCode::InvalidClientMetadata)?;
    Ok(())
}

/// The redirect URIs of a member, none with a `reserved` parameter. The problem of a wrong one has this code.
fn redirect_uris(
    input: &Input<'_>,
    client: &Client,
    reserved: &[&str],
    code: ErrorCode,
) -> Result<Vec<RedirectUri>, Problem> {
    let rules = RedirectUriRules {
        native_schemes: input.policy.native_redirect_schemes,
        http_in_lan: client.allow_http_redirect,
    };
    let wrong = |text: &str, reason: String| {
        let text: String = text.chars().filter(char::is_ascii_graphic).take(MAX_SHOWN_BYTES).collect();
        Problem { code, ..input.problem(format!("{text}: {reason}")) }
    };
    let texts = input.texts()?.into_iter();
    texts
        .map(|text| {
            let uri = RedirectUri::parse(text, rules).map_err(|reason| wrong(text, reason.to_string()))?;
            match uri.reserved_parameter(reserved) {
                None if input.policy.issuer.owns(text) => {
                    Err(wrong(text, "it is an address of this server itself".to_owned()))
                }
                None => Ok(uri),
                Some(name) => Err(wrong(
                    text,
                    format!("its query has the parameter {name}, which the response has too"),
                )),
            }
        })
        .collect()
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

/// The default scope of a client that an operator registers: the user's identity, if one of its grants asks a user.
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
            let exists = |token: &&str| *token == ADMINISTRATION || input.policy.scopes.contains(token);
            if let Some(unknown) = sent.iter().find(|token| !exists(token)) {
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

/// Without the list all users have access; with an empty list no user has access.
pub(super) fn read_allowed_groups(input: &Input<'_>, client: &mut Client) -> Result<(), Problem> {
    let groups: BTreeSet<GroupName> = input.list(MAX_ALLOWED_GROUPS)?;
    client.allowed_groups = input.is_there().then_some(groups);
    Ok(())
}

pub(super) fn read_request_uris(input: &Input<'_>, client: &mut Client) -> Result<(), Problem> {
    let uris: Vec<RequestObjectUri> = input.list(MAX_REQUEST_URIS)?;
    uris.iter().try_for_each(|uri| input.allowed(uri.address()))?;
    client.request_objects.uris = uris;
    Ok(())
}
