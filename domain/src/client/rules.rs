//! The rules between the members of a registration, and between a registration and its replacement.

use serde_json::{Map, Value};

use super::credentials::{NO_KEY, can_verify};
use super::policy::Policy;
use super::problem::Problem;
use super::{Client, ClientAuthentication};
use crate::pkce::PkcePolicy;
use crate::scope::ADMINISTRATION;
use crate::subject::{NoSector, Sector};
use crate::{GrantType, RedirectUri};

/// One rule.
pub(super) struct Rule {
    /// The members that can violate the rule. A patch without any of them does not check it.
    pub(super) members: &'static [&'static str],
    /// The problem, if it is broken.
    pub(super) check: fn(&Change<'_>) -> Option<Problem>,
}

/// A registration that is new, or is to replace another one.
pub(super) struct Change<'a> {
    pub(super) before: Option<&'a Client>,
    pub(super) after: &'a Client,
    /// What the draft says itself.
    pub(super) said: &'a Map<String, Value>,
    pub(super) policy: &'a Policy<'a>,
}

/// Every rule.
pub(super) const RULES: &[Rule] = &[
    Rule { members: &["redirect_uris", "grant_types"], check: redirect_uris },
    Rule {
        members: &["allow_http_redirect", "redirect_uris", "post_logout_redirect_uris"],
        check: http_redirect,
    },
    Rule { members: &["response_types", "grant_types"], check: response_types },
    Rule { members: &["grant_types", "token_endpoint_auth_method"], check: confidential_grants },
    Rule { members: &["frontchannel_logout_uri", "redirect_uris"], check: frontchannel_logout },
    Rule {
        members: &[
            "request_object_signing_alg",
            "require_signed_request_object",
            "request_uris",
            "token_endpoint_auth_method",
            "jwks",
            "jwks_uri",
        ],
        check: request_keys,
    },
    Rule { members: &["subject_type", "sector_identifier_uri", "redirect_uris"], check: sector },
    Rule {
        members: &["subject_type", "sector_identifier_uri", "redirect_uris", "grant_types"],
        check: shared_sector,
    },
    Rule { members: &["default_resource", "resources"], check: default_resource },
    Rule { members: &["administrative", "token_endpoint_auth_method"], check: administrative },
    // The mark can be taken away alone: without it the scope does nothing.
    Rule { members: &["scope"], check: administration },
    Rule { members: &["require_pkce", "token_endpoint_auth_method"], check: pkce_exemption },
];

fn redirect_uris(Change { after, .. }: &Change<'_>) -> Option<Problem> {
    let grant = after.grant_types.iter().find(|grant| grant.needs_redirect_uri())?;
    let text = || format!("a client of the grant type {grant} needs a redirect URI");
    after.redirect_uris.is_empty().then(|| Problem::redirect_uri(text()))
}

/// http in the local network is an operator's decision about a client of their own.
fn http_redirect(Change { after, .. }: &Change<'_>) -> Option<Problem> {
    let all = || after.redirect_uris.iter().chain(&after.post_logout_redirect_uris);
    let text = if after.allow_http_redirect && after.registration.is_some() {
        "a client that registered itself cannot have http redirect URIs"
    } else if !after.allow_http_redirect && all().any(RedirectUri::is_http_to_another_machine) {
        "the client has http redirect URIs to other machines; change them first"
    } else {
        return None;
    };
    Some(Problem::new("allow_http_redirect", text))
}

/// RFC 7591 §2.1.
fn response_types(Change { after, said, .. }: &Change<'_>) -> Option<Problem> {
    let types = said.get("response_types").and_then(Value::as_array).filter(|types| !types.is_empty())?;
    let code = types.iter().any(|text| text == "code");
    let text = "the response type code and the grant type authorization_code need each other";
    let differs = code != after.grant_types.contains(&GrantType::AuthorizationCode);
    differs.then(|| Problem::new("response_types", text))
}

/// Any application could act as a public client.
fn confidential_grants(Change { after, .. }: &Change<'_>) -> Option<Problem> {
    let grant = after.grant_types.iter().find(|grant| grant.needs_confidential_client())?;
    let text = || format!("a public client cannot use the grant type {grant}");
    after.is_public().then(|| Problem::new("grant_types", text()))
}

/// A page of another site would be framed in the client's name (OpenID Connect Front-Channel Logout 1.0 §2).
fn frontchannel_logout(Change { after, .. }: &Change<'_>) -> Option<Problem> {
    let uri = after.logout.front.uri.as_ref()?;
    let text = "must have the scheme, host and port of a redirect URI";
    (!uri.is_beside(&after.redirect_uris)).then(|| Problem::new("frontchannel_logout_uri", text))
}

fn request_keys(Change { after, policy, .. }: &Change<'_>) -> Option<Problem> {
    let text = match after.keys() {
        Some(keys) if can_verify(keys, policy) => return None,
        Some(_) => NO_KEY,
        None => "a client that signs its requests needs the client's public keys: jwks or jwks_uri",
    };
    after.request_objects.are_announced().then(|| Problem::new("jwks", text))
}

fn sector(Change { after, .. }: &Change<'_>) -> Option<Problem> {
    let reason = sector_of(after).err()?;
    Some(Problem::new("sector_identifier_uri", reason.to_string()))
}

/// A client that registers itself may share the pairwise names of a host only if every grant of it ends at a redirect URI
/// of that host. Otherwise an attacker could register a client on their own device and learn the names by which the host
/// knows its users. The names of a client never change either (OpenID Connect Core §12.2).
fn shared_sector(Change { before, after, policy, .. }: &Change<'_>) -> Option<Problem> {
    let shared = sector_of(after).ok().flatten().filter(|sector| matches!(sector, Sector::Host(_)))?;
    if !policy.registrant.is_client() {
        return None;
    }
    if after.grant_types.iter().any(|grant| grant.names_user_without_redirect_uri()) {
        let text = "pairwise subjects of a host are for grants that answer to a redirect URI only";
        return Some(Problem::new("subject_type", text));
    }
    // Any application on the device can claim such a URI, so its entry in the list of a host proves nothing.
    if after.redirect_uris.iter().any(|uri| uri.host_of_its_own().is_none()) {
        let text = "pairwise subjects of a host are for redirect URIs of https only";
        return Some(Problem::new("subject_type", text));
    }
    // The client's grants belong to its present sector. After a change of sector it could link the same user's
    // identifiers in both.
    let stays = |before| sector_of(before).is_ok_and(|sector| sector.as_ref() == Some(&shared));
    let text = "a client cannot move into the pairwise subjects of another host; register another one";
    (!before.is_none_or(stays)).then(|| Problem::new("subject_type", text))
}

fn sector_of(client: &Client) -> Result<Option<Sector>, NoSector> {
    client.subject.sector(&client.id, &client.redirect_uris)
}

fn default_resource(Change { after, .. }: &Change<'_>) -> Option<Problem> {
    let default = after.resources.default.as_ref()?;
    let text = "must be one of the resources that the client may ask for";
    (!after.resources.allowed.contains(default)).then(|| Problem::new("default_resource", text))
}

/// An administrative client must not be public, because any application can act as a public client. It must not manage its
/// own registration either, because it could then give itself further rights.
fn administrative(Change { after, .. }: &Change<'_>) -> Option<Problem> {
    let text = match (&after.authentication, &after.registration) {
        (ClientAuthentication::None, _) => "a public client cannot be administrative",
        (_, Some(_)) => "a client that manages its own registration cannot be administrative",
        (_, None) => return None,
    };
    after.administrative.then(|| Problem::new("administrative", text))
}

/// An operator who gives the scope means a client that may use it.
fn administration(Change { after, .. }: &Change<'_>) -> Option<Problem> {
    let text = "administration is for clients with administrative: true only";
    (after.scope.contains(ADMINISTRATION) && !after.administrative).then(|| Problem::new("scope", text))
}

/// A public client has nothing but PKCE to protect its codes (RFC 9700 §2.1.1). A client that registers itself cannot set
/// the member, so what it becomes is no fault of its draft.
fn pkce_exemption(Change { after, said, policy, .. }: &Change<'_>) -> Option<Problem> {
    if after.require_pkce || policy.registrant.is_client() {
        return None;
    }
    let text = match policy.pkce {
        _ if after.is_public() => "a public client cannot leave PKCE out; set require_pkce to true",
        PkcePolicy::Required if said.contains_key("require_pkce") => {
            "no client can leave PKCE out while the setting pkce_policy is required; set it to per_client first"
        }
        PkcePolicy::Required | PkcePolicy::PerClient => return None,
    };
    Some(Problem::new("require_pkce", text))
}
