//! The part of the configuration that use cases see.

use adapters_http::outbound::{OutboundPolicy, TrustAnchors};
use application::Settings;
use application::port::Limit;
use application::settings::{Lifetimes, RegistrationPolicy};
use chrono::Duration;
use domain::Scope;
use domain::scope::STANDARD;

use super::{CertificateFile, Config};

impl Config {
    /// Every scope there is. The standard ones always exist.
    pub(super) fn all_scopes(&self) -> Scope {
        STANDARD.into_iter().chain(self.scopes.iter()).collect()
    }

    /// What the operator decided about the protocol.
    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings {
            issuer: self.server_public_base_url.clone(),
            scopes: self.all_scopes(),
            pkce: self.pkce_policy,
            lifetimes: Lifetimes {
                authorization_code: self.authorization_code_ttl_secs.duration(),
                device_code: self.device_code_ttl_secs.duration(),
                access_token: self.access_token_ttl_secs.duration(),
                id_token: self.id_token_ttl_secs.duration(),
                refresh_token: self.refresh_token_ttl_secs.duration(),
                refresh_token_idle: self.refresh_token_idle_secs.duration(),
                session: self.session_ttl_secs.duration(),
                refresh_replay_window: self.refresh_replay_window_secs.duration(),
                pushed_request: self.par_ttl_secs.duration(),
                signing_key: self.key_rotation_days.duration(),
            },
            access_token_alg: self.access_token_alg,
            opaque_access_tokens: self.access_tokens_opaque,
            refresh_token_grant: self.refresh_token_grant_enabled,
            require_pushed_authorization_requests: self.require_pushed_authorization_requests,
            password_grant: self.password_grant_enabled,
            public_introspection: self.public_introspection,
            authentication_contexts: self.acr_values.clone(),
            login_limit: Limit {
                attempts: self.login_attempts.get(),
                window: self.login_window_secs.duration(),
            },
            outbound_allow_private: self.outbound_allow_private,
            device_interval_seconds: self.device_interval_secs.get(),
            ui_locales: self.ui_locales.tags(),
            service_documentation: self.service_documentation(),
            registration: RegistrationPolicy {
                mode: self.dynamic_registration,
                allowed_scopes: self.registration_allowed_scopes.clone(),
                require_pkce: self.registration_require_pkce,
                limit: Limit { attempts: self.registrations_per_hour.get(), window: Duration::hours(1) },
            },
        }
    }

    /// What the operator decided about requests of our own.
    #[must_use]
    pub fn outbound(&self) -> OutboundPolicy {
        let trust =
            self.outbound_ca_file.as_ref().map_or_else(TrustAnchors::public, CertificateFile::anchors);
        OutboundPolicy::new(self.outbound_allow_private, trust)
    }
}
