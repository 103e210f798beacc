//! The answer to a registration: a client's document (RFC 7591 §3.2.1, RFC 7592 §3).

use std::borrow::Cow;

use domain::client::{Access, MEMBERS};
use domain::{Client, Secret};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::client::registration::Registered;

/// The registration document: the members in [`MEMBERS`], and those that only the server sets. It has no null: a
/// member without a value is left out.
#[derive(Debug)]
pub struct RegistrationDocument(Vec<(Cow<'static, str>, Value)>);

/// The members that only this server sets: a document may repeat them, and they are not read.
pub const ANSWERED: [&str; 7] = [
    "client_id",
    "client_secret",
    "client_secret_expires_at",
    "client_id_issued_at",
    "registration_access_token",
    "registration_client_uri",
    "disabled_at",
];

impl RegistrationDocument {
    /// The document that a client gets of itself; it manages its registration at `uri`.
    #[must_use]
    pub fn for_itself(registered: &Registered, uri: String) -> Self {
        let Registered { client, secret, token } = registered;
        let mut document = Self::identity(client, secret.as_ref()).with_registration_token(token, uri);
        document.members(client, |access| access == Access::Everyone);
        document
    }

    /// The document that an operator gets of a client, with the `secret` if it was just generated.
    #[must_use]
    pub fn for_operator(client: &Client, secret: Option<&Secret>) -> Self {
        let mut document = Self::identity(client, secret);
        document.members(client, |_| true);
        let disabled_at = client.disabled_at.and_then(|at| serde_json::to_value(at).ok());
        document.0.extend(disabled_at.map(|at| ("disabled_at".into(), at)));
        document
    }

    /// The same document with a registration access token that was just made, for the client that manages itself at `uri`.
    #[must_use]
    pub fn with_registration_token(mut self, token: &Secret, uri: String) -> Self {
        self.0.push(("registration_access_token".into(), token.expose().into()));
        self.0.push(("registration_client_uri".into(), uri.into()));
        self
    }

    fn identity(client: &Client, secret: Option<&Secret>) -> Self {
        let mut members = vec![("client_id".into(), Value::from(client.id.as_str()))];
        members.extend(secret.map(|secret| ("client_secret".into(), secret.expose().into())));
        if client.authentication.is_by_secret() {
            // 0: it does not expire. Required where there is a secret.
            members.push(("client_secret_expires_at".into(), 0.into()));
        }
        members.push(("client_id_issued_at".into(), client.created_at.timestamp().into()));
        Self(members)
    }

    fn members(&mut self, client: &Client, is_shown: impl Fn(Access) -> bool) {
        let shown = MEMBERS.iter().filter(|member| is_shown(member.access));
        self.0.extend(shown.filter_map(|member| Some((member.name.into(), member.value(client)?))));
        let localized = client.details.localized.iter();
        self.0.extend(localized.map(|(name, text)| (name.clone().into(), text.clone().into())));
    }
}

impl Serialize for RegistrationDocument {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use domain::client::{
        AccessTokenFormat, AccessTokenTyp, AuthenticationDefaults, ClientAuthentication, ClientDetails,
        ClientTokens, SecretMethod, StoredSecret,
    };
    use domain::logout::{LogoutChannel, LogoutChannels};
    use domain::{
        GrantType, Incarnation, KeySource, RequestObjectAlgorithm, RequestObjects, SigningAlgorithm,
    };
    use serde_json::json;

    use super::*;

    fn web(secret: &Secret) -> Client {
        let created_at = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let incarnation = Incarnation::from_random([1; 16]);
        Client {
            name: Some("Web".to_owned()),
            authentication: ClientAuthentication::Secret {
                method: SecretMethod::ClientSecretPost,
                secret: StoredSecret::Generated(secret.digest()),
            },
            redirect_uris: vec!["https://app.example/callback".parse().unwrap()],
            grant_types: [GrantType::RefreshToken, GrantType::AuthorizationCode].into(),
            scope: "openid profile".parse().unwrap(),
            logo_uri: Some("https://app.example/logo.png".to_owned()),
            details: ClientDetails {
                localized: [("client_name#ja".to_owned(), "\u{30a6}\u{30a7}\u{30d6}".to_owned())].into(),
                ..ClientDetails::default()
            },
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
            tokens: ClientTokens {
                access_token_format: AccessTokenFormat::Opaque,
                access_token_typ: AccessTokenTyp::Jwt,
                id_token_claims: true,
                id_token_ttl_seconds: Some(600),
                claim_mapping: serde_json::from_value(json!({"visible_groups": ["staff"], "claims": []}))
                    .ok(),
            },
            administrative: true,
            ..Client::new("web".parse().unwrap(), incarnation, created_at)
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
            "client_name#ja": "\u{30a6}\u{30a7}\u{30d6}",
            "application_type": "web",
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
            "id_token_claims": true,
            "access_token_format": "opaque",
            "access_token_typ": "JWT",
            "id_token_ttl_secs": 600,
            "claim_mapping": {"visible_groups": ["staff"], "claims": []},
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
        for member in ["administrative", "first_party", "resource_server", "client_secret", "claim_mapping"] {
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
