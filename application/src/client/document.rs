//! A client's registration as a document (RFC 7591 §3.2.1, RFC 7592 §3): one for whoever registers a client.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::client::AccessTokenFormat;
use domain::logout::LogoutUri;
use domain::{
    AuthenticationContext, Client, ClientKeys, GrantType, KeySource, OutboundUri, RedirectUri,
    RequestObjectAlgorithm, RequestObjectUri, ResourceIdentifier, Scope, Secret, SigningAlgorithm,
};
use serde::Serialize;

use crate::client::registration::Registered;

/// All that is known of a registration. Nothing in it is null: what is unknown is not there.
#[derive(Debug, Serialize)]
pub struct RegistrationDocument<'a> {
    client_id: &'a str,
    /// Only in the answer that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<&'a str>,
    /// 0: it does not expire. Required where there is a secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret_expires_at: Option<u8>,
    client_id_issued_at: i64,
    #[serde(flatten)]
    management: Option<Management<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_name: Option<&'a str>,
    redirect_uris: &'a [RedirectUri],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    post_logout_redirect_uris: &'a [RedirectUri],
    #[serde(skip_serializing_if = "Option::is_none")]
    backchannel_logout_uri: Option<&'a LogoutUri>,
    #[serde(skip_serializing_if = "Option::is_none")]
    backchannel_logout_session_required: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    frontchannel_logout_uri: Option<&'a LogoutUri>,
    #[serde(skip_serializing_if = "Option::is_none")]
    frontchannel_logout_session_required: Option<bool>,
    grant_types: Vec<GrantType>,
    response_types: &'static [&'static str],
    scope: &'a Scope,
    token_endpoint_auth_method: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    jwks: Option<&'a ClientKeys>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jwks_uri: Option<&'a OutboundUri>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_object_signing_alg: Option<RequestObjectAlgorithm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    require_signed_request_object: Option<bool>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    request_uris: &'a [RequestObjectUri],
    subject_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sector_identifier_uri: Option<&'a OutboundUri>,
    id_token_signed_response_alg: SigningAlgorithm,
    #[serde(skip_serializing_if = "Option::is_none")]
    userinfo_signed_response_alg: Option<SigningAlgorithm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_max_age: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    require_auth_time: Option<bool>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    default_acr_values: &'a [AuthenticationContext],
    #[serde(skip_serializing_if = "Option::is_none")]
    application_type: Option<&'static str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    contacts: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    client_uri: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logo_uri: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_uri: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tos_uri: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    initiate_login_uri: Option<&'a str>,
    #[serde(flatten)]
    decisions: Option<Decisions<'a>>,
}

/// How a client manages its own registration.
#[derive(Debug, Serialize)]
struct Management<'a> {
    registration_access_token: &'a str,
    registration_client_uri: String,
}

/// What only an operator decides: members of this server's own, for operators only.
#[derive(Debug, Serialize)]
struct Decisions<'a> {
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    resources: &'a BTreeSet<ResourceIdentifier>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_resource: Option<&'a ResourceIdentifier>,
    access_token_format: AccessTokenFormat,
    require_pkce: bool,
    require_pushed_authorization_requests: bool,
    first_party: bool,
    resource_server: bool,
    administrative: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    disabled_at: Option<DateTime<Utc>>,
}

impl<'a> RegistrationDocument<'a> {
    /// What a client is told of itself; it manages its registration at `uri`.
    #[must_use]
    pub fn for_itself(registered: &'a Registered, uri: String) -> Self {
        let management =
            Management { registration_access_token: registered.token.expose(), registration_client_uri: uri };
        let secret = registered.secret.as_ref();
        Self { management: Some(management), ..Self::of(&registered.client, secret) }
    }

    /// What an operator is told of a client, with the `secret` if it was just generated.
    #[must_use]
    pub fn for_operator(client: &'a Client, secret: Option<&'a Secret>) -> Self {
        let decisions = Decisions {
            resources: &client.resources.allowed,
            default_resource: client.resources.default.as_ref(),
            access_token_format: client.access_token_format,
            require_pkce: client.must_use_pkce(),
            require_pushed_authorization_requests: client.require_pushed_authorization_requests,
            first_party: client.first_party,
            resource_server: client.resource_server,
            administrative: client.administrative,
            disabled_at: client.disabled_at,
        };
        Self { decisions: Some(decisions), ..Self::of(client, secret) }
    }

    fn of(client: &'a Client, secret: Option<&'a Secret>) -> Self {
        let own = client.registration.as_ref();
        Self {
            client_id: client.id.as_str(),
            client_secret: secret.map(Secret::expose),
            client_secret_expires_at: client.authentication.is_by_secret().then_some(0),
            client_id_issued_at: client.created_at.timestamp(),
            management: None,
            client_name: client.name.as_deref(),
            redirect_uris: &client.redirect_uris,
            post_logout_redirect_uris: &client.post_logout_redirect_uris,
            backchannel_logout_uri: client.logout.back.uri.as_ref(),
            backchannel_logout_session_required: client.logout.back.said_session_required(),
            frontchannel_logout_uri: client.logout.front.uri.as_ref(),
            frontchannel_logout_session_required: client.logout.front.said_session_required(),
            grant_types: client.grant_types.iter().copied().collect(),
            response_types: match client.grant_types.contains(&GrantType::AuthorizationCode) {
                true => &["code"],
                false => &[],
            },
            scope: &client.scope,
            token_endpoint_auth_method: client.authentication.as_str(),
            jwks: client.keys().and_then(KeySource::jwks),
            jwks_uri: client.keys().and_then(KeySource::jwks_uri),
            request_object_signing_alg: client.request_objects.algorithm,
            require_signed_request_object: client.request_objects.required.then_some(true),
            request_uris: &client.request_objects.uris,
            subject_type: client.subject.subject_type.as_str(),
            sector_identifier_uri: client.subject.sector_identifier_uri.as_ref(),
            id_token_signed_response_alg: client.id_token_signed_response_alg,
            userinfo_signed_response_alg: client.userinfo_signed_response_alg,
            default_max_age: client.authentication_defaults.max_age_seconds,
            require_auth_time: client.authentication_defaults.require_auth_time.then_some(true),
            default_acr_values: &client.authentication_defaults.acr_values,
            application_type: own.map(|own| own.application_type.as_str()),
            contacts: own.map_or(&[], |own| own.contacts.as_slice()),
            client_uri: own.and_then(|own| own.client_uri.as_deref()),
            logo_uri: client.logo_uri.as_deref(),
            policy_uri: client.policy_uri.as_deref(),
            tos_uri: client.tos_uri.as_deref(),
            initiate_login_uri: own.and_then(|own| own.initiate_login_uri.as_deref()),
            decisions: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::RequestObjects;
    use domain::client::{
        AuthenticationDefaults, ClientAuthentication, ClientResources, SecretMethod, StoredSecret,
    };
    use domain::logout::{LogoutChannel, LogoutChannels};
    use domain::subject::SubjectChoice;
    use serde_json::json;

    use super::*;

    fn web(secret: &Secret) -> Client {
        Client {
            id: "web".parse().unwrap(),
            name: Some("Web".to_owned()),
            authentication: ClientAuthentication::Secret {
                method: SecretMethod::ClientSecretPost,
                secret: StoredSecret::Generated(secret.digest()),
            },
            redirect_uris: vec!["https://app.example/callback".parse().unwrap()],
            post_logout_redirect_uris: vec![],
            logout: LogoutChannels::default(),
            grant_types: [GrantType::RefreshToken, GrantType::AuthorizationCode].into(),
            scope: "openid profile".parse().unwrap(),
            resources: ClientResources::default(),
            logo_uri: Some("https://app.example/logo.png".to_owned()),
            policy_uri: None,
            tos_uri: None,
            subject: SubjectChoice::default(),
            id_token_signed_response_alg: SigningAlgorithm::Es256,
            userinfo_signed_response_alg: Some(SigningAlgorithm::EdDsa),
            authentication_defaults: AuthenticationDefaults {
                max_age_seconds: Some(0),
                require_auth_time: true,
                acr_values: vec!["gold".parse().unwrap()],
            },
            request_objects: RequestObjects {
                keys: Some(KeySource::JwksUri("https://app.example/jwks".parse().unwrap())),
                algorithm: Some(RequestObjectAlgorithm::Ps256),
                required: true,
                uris: vec!["https://app.example/request.jwt#v2".parse().unwrap()],
            },
            access_token_format: AccessTokenFormat::Opaque,
            require_pkce: true,
            require_pushed_authorization_requests: false,
            first_party: false,
            resource_server: false,
            administrative: true,
            disabled_at: None,
            created_at: DateTime::from_timestamp(1_700_000_000, 0).unwrap(),
            registration: None,
        }
    }

    #[test]
    fn a_new_registration_has_the_secret_and_no_nulls() {
        let secret = Secret::from("shown once");
        let client = web(&secret);
        let document =
            serde_json::to_value(RegistrationDocument::for_operator(&client, Some(&secret))).unwrap();
        let expected = json!({
            "client_id": "web",
            "client_secret": "shown once",
            "client_secret_expires_at": 0,
            "client_id_issued_at": 1_700_000_000,
            "client_name": "Web",
            "redirect_uris": ["https://app.example/callback"],
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "scope": "openid profile",
            "token_endpoint_auth_method": "client_secret_post",
            "jwks_uri": "https://app.example/jwks",
            "request_object_signing_alg": "PS256",
            "require_signed_request_object": true,
            "request_uris": ["https://app.example/request.jwt#v2"],
            "subject_type": "public",
            "id_token_signed_response_alg": "ES256",
            "userinfo_signed_response_alg": "EdDSA",
            "default_max_age": 0,
            "require_auth_time": true,
            "default_acr_values": ["gold"],
            "logo_uri": "https://app.example/logo.png",
            "access_token_format": "opaque",
            "require_pkce": true,
            "require_pushed_authorization_requests": false,
            "first_party": false,
            "resource_server": false,
            "administrative": true,
        });
        assert_eq!(document, expected);
    }

    #[test]
    fn a_client_is_not_told_what_an_operator_decided() {
        let (secret, token) = (Secret::from("shown once"), Secret::from("token"));
        let registered = Registered { client: web(&secret), secret: None, token };
        let own = RegistrationDocument::for_itself(&registered, "https://a.example/".to_owned());
        let own = serde_json::to_value(own).unwrap();
        for member in ["administrative", "first_party", "resource_server", "require_pkce", "client_secret"] {
            assert!(own.get(member).is_none(), "{member}");
        }
        assert_eq!(own["registration_access_token"], "token");
        assert_eq!(own["registration_client_uri"], "https://a.example/");
    }

    #[test]
    fn how_it_is_told_of_logouts_is_there_where_it_said_something() {
        let back = LogoutChannel { uri: "https://app.example/out".parse().ok(), session_required: true };
        let logout = LogoutChannels { back, ..LogoutChannels::default() };
        let client = Client { logout, ..web(&Secret::from("x")) };
        let document = serde_json::to_value(RegistrationDocument::for_operator(&client, None)).unwrap();
        assert_eq!(document["backchannel_logout_uri"], "https://app.example/out");
        assert_eq!(document["backchannel_logout_session_required"], true);
        assert!(document.get("frontchannel_logout_uri").is_none());
        assert!(document.get("frontchannel_logout_session_required").is_none());
    }

    #[test]
    fn a_public_client_without_redirection_has_no_response_type_and_no_secret() {
        let client = Client {
            authentication: ClientAuthentication::None,
            grant_types: [GrantType::RefreshToken].into(),
            require_pkce: false,
            ..web(&Secret::from("x"))
        };
        let document = serde_json::to_value(RegistrationDocument::for_operator(&client, None)).unwrap();
        assert_eq!(document["response_types"], json!([]));
        assert_eq!(document["token_endpoint_auth_method"], "none");
        assert!(
            document.get("client_secret").is_none() && document.get("client_secret_expires_at").is_none()
        );
        assert_eq!(document["require_pkce"], true, "a public client can never be exempt");
    }
}
