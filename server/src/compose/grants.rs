//! The grants that the token endpoint offers (RFC 6749 §1.3).

use std::collections::BTreeMap;
use std::sync::Arc;

use application::login::device_cookie::DeviceCookies;
use application::login::password_verifier::{PasswordLimits, PasswordVerifier};
use application::port::Ports;
use application::token::{
    AuthorizationCodeGrant, ClientCredentialsGrant, DeviceCodeGrant, Grant, PasswordGrant, RefreshTokenGrant,
};
use application::users::factors::FactorVerifier;
use domain::GrantType;

use super::shared::Shared;

/// The grants that are switched on. A new grant is one entry here.
pub(super) fn grants(ports: &Ports, shared: &Shared) -> BTreeMap<GrantType, Box<dyn Grant>> {
    let Shared { context, indicators, .. } = shared;
    let mut grants: Vec<Box<dyn Grant>> = vec![
        Box::new(AuthorizationCodeGrant {
            codes: ports.authorization_codes.clone(),
            indicators: indicators.clone(),
            context: context.clone(),
        }),
        Box::new(ClientCredentialsGrant { indicators: indicators.clone(), context: context.clone() }),
        Box::new(DeviceCodeGrant {
            codes: ports.device_codes.clone(),
            indicators: indicators.clone(),
            context: context.clone(),
        }),
    ];
    if context.settings.refresh_token_grant {
        grants.push(Box::new(RefreshTokenGrant {
            refresh_tokens: ports.refresh_tokens.clone(),
            sessions: ports.sessions.clone(),
            id_tokens: shared.id_tokens.clone(),
            indicators: indicators.clone(),
            context: context.clone(),
        }));
    }
    if context.settings.password_grant {
        grants.push(Box::new(PasswordGrant {
            passwords: password_verifier(ports, shared),
            indicators: indicators.clone(),
            context: context.clone(),
        }));
    }
    grants.into_iter().map(|grant| (grant.grant_type(), grant)).collect()
}

/// For the login page and for the password grant.
pub(super) fn password_verifier(ports: &Ports, shared: &Shared) -> Arc<PasswordVerifier> {
    let (sealing_key, context) = (shared.sealing_key.clone(), shared.context.clone());
    Arc::new(PasswordVerifier {
        users: ports.users.clone(),
        passwords: ports.passwords.clone(),
        attempts: ports.attempts.clone(),
        recorder: shared.recorder.clone(),
        limits: PasswordLimits {
            limit: context.settings.authentication_limit,
            ceiling: context.settings.authentication_ceiling,
        },
        factors: Arc::new(FactorVerifier {
            factors: ports.second_factors.clone(),
            sealing_key: sealing_key.clone(),
        }),
        second_factor: context.settings.second_factor,
        devices: DeviceCookies { sealing_key, context },
    })
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use adapters_http::outbound::{OutboundClient, OutboundPolicy, TrustAnchors};
    use adapters_memory::{MemoryStore, SeededEntropy};

    use application::keys::sealing::SealingKey;
    use application::port::Stores;

    use super::super::{ports, use_cases};
    use super::*;
    use crate::config::Config;
    use crate::password::Argon2Passwords;
    use crate::system::SystemClock;

    /// The advertised grants when `refresh_token_grant_enabled` is this.
    fn advertised(refresh: &str) -> serde_json::Value {
        let passwords = Arc::new(Argon2Passwords::new(NonZeroUsize::MIN));
        let policy = OutboundPolicy::new(false, TrustAnchors::public());
        let outbound = Arc::new(OutboundClient::new(policy).unwrap());
        let stores = Stores::new(&Arc::new(MemoryStore::new()));
        let entropy = Arc::new(SeededEntropy::new(1));
        let ports = ports(stores, Arc::new(SystemClock), entropy, passwords, outbound);
        let switch = ("OAUTH2_REFRESH_TOKEN_GRANT_ENABLED".to_owned(), refresh.to_owned());
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("empty.toml");
        std::fs::write(&file, "").unwrap();
        let config = Config::load(Some(&file), [switch].into_iter()).unwrap();
        let use_cases = use_cases(&ports, config.settings(), SealingKey::new([7; 32]).unwrap());
        serde_json::to_value(&use_cases.metadata).unwrap()["grant_types_supported"].clone()
    }

    #[test]
    fn the_refresh_token_grant_is_offered_when_it_is_switched_on() {
        assert_eq!(
            advertised("true"),
            serde_json::json!([
                "authorization_code",
                "client_credentials",
                "refresh_token",
                "urn:ietf:params:oauth:grant-type:device_code"
            ])
        );
    }

    #[test]
    fn the_refresh_token_grant_is_not_offered_otherwise() {
        assert!(!advertised("false").as_array().unwrap().contains(&"refresh_token".into()));
    }
}
