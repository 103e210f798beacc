//! A client's registration as a document (RFC 7591 §3.2.1), with this server's own members at its end.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::client::AccessTokenFormat;
use domain::{
    Client, ClientKeys, GrantType, RedirectUri, ResourceIdentifier, Scope, Secret, SigningAlgorithm,
};
use serde::Serialize;

/// Nothing in it is null: what is unknown is not there.
#[derive(Debug, Serialize)]
pub(super) struct Registration<'a> {
    client_id: &'a str,
    /// Only in the answer that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<&'a str>,
    /// 0: it does not expire. Required where there is a secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret_expires_at: Option<u8>,
    client_id_issued_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_name: Option<&'a str>,
    redirect_uris: &'a [RedirectUri],
    post_logout_redirect_uris: &'a [RedirectUri],
    grant_types: Vec<GrantType>,
    response_types: &'static [&'static str],
    scope: &'a Scope,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    resources: &'a BTreeSet<ResourceIdentifier>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_resource: Option<&'a ResourceIdentifier>,
    token_endpoint_auth_method: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    jwks: Option<&'a ClientKeys>,
    id_token_signed_response_alg: SigningAlgorithm,
    #[serde(skip_serializing_if = "Option::is_none")]
    logo_uri: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_uri: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tos_uri: Option<&'a str>,
    access_token_format: AccessTokenFormat,
    require_pkce: bool,
    require_pushed_authorization_requests: bool,
    first_party: bool,
    resource_server: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    disabled_at: Option<DateTime<Utc>>,
}

impl<'a> Registration<'a> {
    /// The registration, with the `secret` if it was just generated.
    pub(super) fn of(client: &'a Client, secret: Option<&'a Secret>) -> Self {
        Self {
            client_id: client.id.as_str(),
            client_secret: secret.map(Secret::expose),
            client_secret_expires_at: secret.map(|_| 0),
            client_id_issued_at: client.created_at.timestamp(),
            client_name: client.name.as_deref(),
            redirect_uris: &client.redirect_uris,
            post_logout_redirect_uris: &client.post_logout_redirect_uris,
            grant_types: client.grant_types.iter().copied().collect(),
            response_types: match client.grant_types.contains(&GrantType::AuthorizationCode) {
                true => &["code"],
                false => &[],
            },
            scope: &client.scope,
            resources: &client.resources.allowed,
            default_resource: client.resources.default.as_ref(),
            token_endpoint_auth_method: client.authentication.as_str(),
            jwks: client.authentication.keys(),
            id_token_signed_response_alg: client.id_token_signed_response_alg,
            logo_uri: client.logo_uri.as_deref(),
            policy_uri: client.policy_uri.as_deref(),
            tos_uri: client.tos_uri.as_deref(),
            access_token_format: client.access_token_format,
            require_pkce: client.must_use_pkce(),
            require_pushed_authorization_requests: client.require_pushed_authorization_requests,
            first_party: client.first_party,
            resource_server: client.resource_server,
            disabled_at: client.disabled_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::client::{ClientAuthentication, ClientResources, SecretMethod, StoredSecret};
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
            grant_types: [GrantType::RefreshToken, GrantType::AuthorizationCode].into(),
            scope: "openid profile".parse().unwrap(),
            resources: ClientResources::default(),
            logo_uri: Some("https://app.example/logo.png".to_owned()),
            policy_uri: None,
            tos_uri: None,
            id_token_signed_response_alg: SigningAlgorithm::Es256,
            access_token_format: AccessTokenFormat::Opaque,
            require_pkce: true,
            require_pushed_authorization_requests: false,
            first_party: false,
            resource_server: false,
            disabled_at: None,
            created_at: DateTime::from_timestamp(1_700_000_000, 0).unwrap(),
            registration: None,
        }
    }

    #[test]
    fn a_new_registration_has_the_secret_and_no_nulls() {
        let secret = Secret::from("shown once");
        let document = serde_json::to_value(Registration::of(&web(&secret), Some(&secret))).unwrap();
        let expected = json!({
            "client_id": "web",
            "client_secret": "shown once",
            "client_secret_expires_at": 0,
            "client_id_issued_at": 1_700_000_000,
            "client_name": "Web",
            "redirect_uris": ["https://app.example/callback"],
            "post_logout_redirect_uris": [],
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "scope": "openid profile",
            "token_endpoint_auth_method": "client_secret_post",
            "id_token_signed_response_alg": "ES256",
            "logo_uri": "https://app.example/logo.png",
            "access_token_format": "opaque",
            "require_pkce": true,
            "require_pushed_authorization_requests": false,
            "first_party": false,
            "resource_server": false,
        });
        assert_eq!(document, expected);
    }

    #[test]
    fn a_public_client_without_redirection_has_no_response_type_and_no_secret() {
        let client = Client {
            authentication: ClientAuthentication::None,
            grant_types: [GrantType::RefreshToken].into(),
            require_pkce: false,
            ..web(&Secret::from("x"))
        };
        let document = serde_json::to_value(Registration::of(&client, None)).unwrap();
        assert_eq!(document["response_types"], json!([]));
        assert_eq!(document["token_endpoint_auth_method"], "none");
        assert!(
            document.get("client_secret").is_none() && document.get("client_secret_expires_at").is_none()
        );
        assert_eq!(document["require_pkce"], true, "a public client can never be exempt");
    }
}
