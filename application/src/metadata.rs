//! Authorization server metadata (RFC 8414) and OpenID Provider metadata (OpenID Connect Discovery §3):
//! one document, generated from the settings and the grants.

use domain::pkce::S256;
use domain::prompt::Prompt;
use domain::scope::OFFLINE_ACCESS;
use domain::subject::SubjectType;
use domain::{AssertionAlgorithm, GrantType, Issuer, RequestObjectAlgorithm, ResponseMode, SigningAlgorithm};
use serde::Serialize;

use crate::settings::{RegistrationMode, Settings};

/// The path of each endpoint below the issuer.
pub mod path {
    /// RFC 6749 §3.1.
    pub const AUTHORIZE: &str = "/oauth/authorize";
    /// RFC 6749 §3.2.
    pub const TOKEN: &str = "/oauth/token";
    /// RFC 7662 §2.
    pub const INTROSPECT: &str = "/oauth/introspect";
    /// RFC 7009 §2.
    pub const REVOKE: &str = "/oauth/revoke";
    /// RFC 9126 §2.
    pub const PUSH: &str = "/oauth/par";
    /// RFC 8628 §3.1.
    pub const DEVICE_AUTHORIZATION: &str = "/oauth/device_authorization";
    /// RFC 8628 §3.3.
    pub const DEVICE_VERIFICATION: &str = "/oauth/device/verify";
    /// OpenID Connect Core §5.3.
    pub const USERINFO: &str = "/oauth/userinfo";
    /// RFC 7591 §3.
    pub const REGISTER: &str = "/connect/register";
    /// OpenID Connect RP-Initiated Logout §2.
    pub const LOGOUT: &str = "/oauth/logout";
    /// RFC 7517 §5.
    pub const JWKS: &str = "/.well-known/jwks.json";
    /// OpenID Connect Discovery §4.
    pub const OPENID_CONFIGURATION: &str = "/.well-known/openid-configuration";
    /// RFC 8414 §3.
    pub const AUTHORIZATION_SERVER: &str = "/.well-known/oauth-authorization-server";
    /// RFC 9728 §3.
    pub const PROTECTED_RESOURCE: &str = "/.well-known/oauth-protected-resource";
    /// RFC 7033 §4.
    pub const WEBFINGER: &str = "/.well-known/webfinger";
}

/// The document. A member is included if its default would be wrong.
#[derive(Debug, Clone, Serialize)]
pub struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    device_authorization_endpoint: String,
    userinfo_endpoint: String,
    jwks_uri: String,
    end_session_endpoint: String,
    introspection_endpoint: String,
    revocation_endpoint: String,
    pushed_authorization_request_endpoint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    registration_endpoint: Option<String>,
    // Older clients of this server read these two names.
    token_introspection_endpoint: String,
    token_revocation_endpoint: String,
    scopes_supported: Vec<String>,
    response_types_supported: [&'static str; 1],
    response_modes_supported: [&'static str; 3],
    grant_types_supported: Vec<&'static str>,
    subject_types_supported: [&'static str; 2],
    id_token_signing_alg_values_supported: [&'static str; 3],
    userinfo_signing_alg_values_supported: [&'static str; 3],
    token_endpoint_auth_methods_supported: [&'static str; 4],
    token_endpoint_auth_signing_alg_values_supported: [&'static str; 9],
    introspection_endpoint_auth_methods_supported: Vec<&'static str>,
    introspection_endpoint_auth_signing_alg_values_supported: [&'static str; 9],
    introspection_signing_alg_values_supported: [&'static str; SigningAlgorithm::ALL.len()],
    revocation_endpoint_auth_methods_supported: [&'static str; 4],
    revocation_endpoint_auth_signing_alg_values_supported: [&'static str; 9],
    code_challenge_methods_supported: [&'static str; 1],
    claim_types_supported: [&'static str; 1],
    claims_supported: Vec<String>,
    acr_values_supported: Vec<String>,
    prompt_values_supported: [&'static str; 4],
    display_values_supported: [&'static str; 1],
    ui_locales_supported: Vec<String>,
    claims_parameter_supported: bool,
    request_object_signing_alg_values_supported: [&'static str; 4],
    request_parameter_supported: bool,
    request_uri_parameter_supported: bool,
    require_request_uri_registration: bool,
    require_pushed_authorization_requests: bool,
    authorization_response_iss_parameter_supported: bool,
    backchannel_logout_supported: bool,
    backchannel_logout_session_supported: bool,
    frontchannel_logout_supported: bool,
    frontchannel_logout_session_supported: bool,
    service_documentation: String,
}

const WITH_PUBLIC: [&str; 4] = ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"];

impl Metadata {
    /// The document for these settings and these grants.
    #[must_use]
    pub fn new(settings: &Settings, grants: impl IntoIterator<Item = GrantType>) -> Self {
        let issuer: &Issuer = &settings.issuer;
        Self {
            issuer: issuer.to_string(),
            authorization_endpoint: issuer.endpoint(path::AUTHORIZE),
            token_endpoint: issuer.endpoint(path::TOKEN),
            device_authorization_endpoint: issuer.endpoint(path::DEVICE_AUTHORIZATION),
            userinfo_endpoint: issuer.endpoint(path::USERINFO),
            jwks_uri: issuer.endpoint(path::JWKS),
            end_session_endpoint: issuer.endpoint(path::LOGOUT),
            introspection_endpoint: issuer.endpoint(path::INTROSPECT),
            revocation_endpoint: issuer.endpoint(path::REVOKE),
            pushed_authorization_request_endpoint: issuer.endpoint(path::PUSH),
            registration_endpoint: registration_endpoint(settings),
            token_introspection_endpoint: issuer.endpoint(path::INTROSPECT),
            token_revocation_endpoint: issuer.endpoint(path::REVOKE),
            scopes_supported: scopes(settings),
            response_types_supported: ["code"],
            response_modes_supported: ResponseMode::ALL.map(ResponseMode::as_str),
            grant_types_supported: grants.into_iter().map(GrantType::as_str).collect(),
            subject_types_supported: SubjectType::ALL.map(SubjectType::as_str),
            id_token_signing_alg_values_supported: SigningAlgorithm::ALL.map(SigningAlgorithm::as_str),
            userinfo_signing_alg_values_supported: SigningAlgorithm::ALL.map(SigningAlgorithm::as_str),
            token_endpoint_auth_methods_supported: WITH_PUBLIC,
            token_endpoint_auth_signing_alg_values_supported: AssertionAlgorithm::ALL,
            introspection_endpoint_auth_methods_supported: introspection_methods(settings),
            introspection_endpoint_auth_signing_alg_values_supported: AssertionAlgorithm::ALL,
            introspection_signing_alg_values_supported: SigningAlgorithm::ALL.map(SigningAlgorithm::as_str),
            revocation_endpoint_auth_methods_supported: WITH_PUBLIC,
            revocation_endpoint_auth_signing_alg_values_supported: AssertionAlgorithm::ALL,
            code_challenge_methods_supported: [S256],
            claim_types_supported: ["normal"],
            claims_supported: claims(settings),
            acr_values_supported: settings.authentication_contexts.iter().map(ToString::to_string).collect(),
            prompt_values_supported: Prompt::VALUES,
            display_values_supported: ["page"],
            ui_locales_supported: settings.ui_locales.clone(),
            claims_parameter_supported: true,
            request_object_signing_alg_values_supported: RequestObjectAlgorithm::ALL
                .map(RequestObjectAlgorithm::as_str),
            request_parameter_supported: true,
            request_uri_parameter_supported: true,
            require_request_uri_registration: true,
            require_pushed_authorization_requests: settings.require_pushed_authorization_requests,
            authorization_response_iss_parameter_supported: true,
            backchannel_logout_supported: true,
            backchannel_logout_session_supported: true,
            frontchannel_logout_supported: true,
            frontchannel_logout_session_supported: true,
            service_documentation: settings.service_documentation.clone(),
        }
    }
}

fn introspection_methods(settings: &Settings) -> Vec<&'static str> {
    let mut methods = vec!["client_secret_basic", "client_secret_post", "private_key_jwt"];
    if settings.public_introspection {
        methods.push("none");
    }
    methods
}

fn registration_endpoint(settings: &Settings) -> Option<String> {
    match settings.registration.mode {
        RegistrationMode::Disabled => None,
        RegistrationMode::InitialAccessToken | RegistrationMode::Open => {
            Some(settings.issuer.endpoint(path::REGISTER))
        }
    }
}

/// The scopes that a client may request: `offline_access` only if refresh tokens are switched on.
fn scopes(settings: &Settings) -> Vec<String> {
    let usable = settings.scopes.filtered(|token| token != OFFLINE_ACCESS || settings.refresh_token_grant);
    usable.iter().map(str::to_owned).collect()
}

fn claims(settings: &Settings) -> Vec<String> {
    let protocol =
        ["sub", "iss", "aud", "exp", "iat", "jti", "auth_time", "nonce", "acr", "amr", "at_hash", "sid"];
    protocol.into_iter().chain(settings.declared_scopes.claims()).map(str::to_owned).collect()
}
