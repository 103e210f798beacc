//! What a client that registers itself may have: values it may not have are left out of the answer, as long as
//! something is left (RFC 7591 §2, §3.2.1).

use std::collections::BTreeSet;

use domain::self_registration::RegistrationLimits;
use domain::{ErrorCode, GrantType, KeySource, Scope};

use super::metadata::Metadata;
use crate::client::administration::Credential;
use crate::error::Refusal;
use crate::settings::Settings;

/// The grant types and the scope a client gets.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Allowance {
    pub(super) grant_types: BTreeSet<GrantType>,
    pub(super) scope: Scope,
}

impl Allowance {
    /// # Errors
    /// `invalid_client_metadata` when nothing of what was asked for is left, or it contradicts itself;
    /// `invalid_redirect_uri` when there is nowhere to redirect to.
    pub(super) fn of(
        metadata: &Metadata,
        limits: &RegistrationLimits,
        settings: &Settings,
        switched_on: &BTreeSet<GrantType>,
    ) -> Result<Self, Refusal> {
        let grant_types: BTreeSet<GrantType> = metadata
            .grant_types
            .iter()
            .filter_map(|text| text.parse().ok())
            .filter(|grant| switched_on.contains(grant) && limits.admit(*grant))
            .collect();
        // A refresh token renews what another grant began.
        if grant_types.iter().all(|grant| *grant == GrantType::RefreshToken) {
            return Err(Refusal::invalid_client_metadata(
                "none of the grant_types can be had by registering here",
            ));
        }
        check(metadata, &grant_types)?;
        check_addresses(metadata, settings)?;
        Ok(Self { grant_types, scope: scope(metadata, limits, settings)? })
    }
}

/// What we would request must be where we request things.
fn check_addresses(metadata: &Metadata, settings: &Settings) -> Result<(), Refusal> {
    if metadata.subject.sector_identifier_uri.as_ref().is_some_and(|uri| !settings.may_request(uri)) {
        return Err(Refusal::invalid_client_metadata("sector_identifier_uri must be an https URI"));
    }
    let keys = match &metadata.authentication {
        Some(Credential::Keys(keys)) => Some(keys),
        Some(Credential::Secret(_)) | None => metadata.request_objects.keys.as_ref(),
    };
    if keys.and_then(KeySource::jwks_uri).is_some_and(|uri| !settings.may_request(uri)) {
        return Err(Refusal::invalid_client_metadata("jwks_uri must be an https URI"));
    }
    if metadata.request_objects.uris.iter().any(|uri| !settings.may_request(uri.address())) {
        return Err(Refusal::invalid_client_metadata("each of request_uris must be an https URI"));
    }
    Ok(())
}

/// `response_types`, `redirect_uris` and the way of authentication have to fit the grant types (RFC 7591 §2.1).
pub(super) fn check(metadata: &Metadata, grant_types: &BTreeSet<GrantType>) -> Result<(), Refusal> {
    let code = grant_types.contains(&GrantType::AuthorizationCode);
    if metadata.response_types.as_ref().is_some_and(|types| types.iter().any(|text| text == "code") != code) {
        return Err(Refusal::invalid_client_metadata(
            "the response type code and the grant type authorization_code need each other",
        ));
    }
    if code && metadata.redirect_uris.is_empty() {
        return Err(Refusal::new(
            ErrorCode::InvalidRedirectUri,
            "a client of the grant type authorization_code needs redirect_uris",
        ));
    }
    if grant_types.contains(&GrantType::ClientCredentials) && metadata.authentication.is_none() {
        return Err(Refusal::invalid_client_metadata(
            "a public client cannot use the grant type client_credentials",
        ));
    }
    if grant_types.contains(&GrantType::Password) && metadata.authentication.is_none() {
        return Err(Refusal::invalid_client_metadata("a public client cannot use the grant type password"));
    }
    Ok(())
}

/// What was asked for and is allowed; without `scope`, everything that is allowed.
fn scope(metadata: &Metadata, limits: &RegistrationLimits, settings: &Settings) -> Result<Scope, Refusal> {
    let allowed = limits.scope.as_ref().unwrap_or(&settings.registration.allowed_scopes);
    let allowed = allowed.filtered(|token| settings.scopes.contains(token));
    let Some(asked) = &metadata.scope else {
        return Ok(allowed);
    };
    let scope = asked.filtered(|token| allowed.contains(token));
    if scope.is_empty() {
        return Err(Refusal::invalid_client_metadata("nothing of the scope can be had by registering here"));
    }
    Ok(scope)
}
