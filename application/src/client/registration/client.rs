//! A client as its metadata makes it. What only an operator decides is never taken from metadata.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::client::{
    AccessTokenFormat, AuthenticationDefaults, ClientAuthentication, ClientResources, StoredSecret,
};
use domain::logout::LogoutChannels;
use domain::self_registration::{RegistrationLimits, SelfRegistration};
use domain::subject::SubjectChoice;
use domain::{Client, ClientId, Digest, RequestObjects, Scope, Secret, SigningAlgorithm};

use super::allowance::Allowance;
use super::metadata::Metadata;
use crate::client::administration::Credential;

/// A client without metadata and without an operator's marks.
pub(super) fn empty(id: ClientId, require_pkce: bool, now: DateTime<Utc>) -> Client {
    Client {
        id,
        name: None,
        authentication: ClientAuthentication::None,
        redirect_uris: Vec::new(),
        post_logout_redirect_uris: Vec::new(),
        logout: LogoutChannels::default(),
        grant_types: BTreeSet::new(),
        scope: Scope::default(),
        resources: ClientResources::default(),
        logo_uri: None,
        policy_uri: None,
        tos_uri: None,
        subject: SubjectChoice::default(),
        id_token_signed_response_alg: SigningAlgorithm::Rs256,
        userinfo_signed_response_alg: None,
        authentication_defaults: AuthenticationDefaults::default(),
        request_objects: RequestObjects::default(),
        access_token_format: AccessTokenFormat::Jwt,
        require_pkce,
        first_party: false,
        resource_server: false,
        administrative: false,
        require_pushed_authorization_requests: false,
        disabled_at: None,
        created_at: now,
        registration: None,
    }
}

/// `client` with this metadata in place of all it had (RFC 7592 §2.2); its id, its authentication and an operator's
/// marks stay. `own` is its registration access token and its limits, if it registered itself.
pub(super) fn filled(
    client: Client,
    metadata: Metadata,
    allowance: Allowance,
    own: Option<(Digest, RegistrationLimits)>,
) -> Client {
    Client {
        name: metadata.name,
        redirect_uris: metadata.redirect_uris,
        post_logout_redirect_uris: metadata.post_logout_redirect_uris,
        logout: metadata.logout,
        grant_types: allowance.grant_types,
        scope: allowance.scope,
        logo_uri: metadata.logo_uri,
        policy_uri: metadata.policy_uri,
        tos_uri: metadata.tos_uri,
        subject: metadata.subject,
        id_token_signed_response_alg: metadata.id_token_signed_response_alg,
        userinfo_signed_response_alg: metadata.userinfo_signed_response_alg,
        authentication_defaults: metadata.authentication_defaults,
        request_objects: metadata.request_objects,
        registration: own.map(|(token, limits)| SelfRegistration {
            token,
            limits,
            application_type: metadata.application_type,
            contacts: metadata.contacts,
            client_uri: metadata.client_uri,
            initiate_login_uri: metadata.initiate_login_uri,
        }),
        ..client
    }
}

/// How `client` authenticates from now on, and its secret if it gets its first one: a secret that it has stays.
pub(super) fn authentication(
    client: &Client,
    credential: Option<Credential>,
    new_secret: impl FnOnce() -> Secret,
) -> (ClientAuthentication, Option<Secret>) {
    match (credential, &client.authentication) {
        (None, _) => (ClientAuthentication::None, None),
        (Some(Credential::Keys(keys)), _) => (ClientAuthentication::PrivateKeyJwt { keys }, None),
        (Some(Credential::Secret(method)), ClientAuthentication::Secret { secret, .. }) => {
            (ClientAuthentication::Secret { method, secret: secret.clone() }, None)
        }
        (
            Some(Credential::Secret(method)),
            ClientAuthentication::None | ClientAuthentication::PrivateKeyJwt { .. },
        ) => {
            let secret = new_secret();
            let kept = StoredSecret::Generated(secret.digest());
            (ClientAuthentication::Secret { method, secret: kept }, Some(secret))
        }
    }
}
