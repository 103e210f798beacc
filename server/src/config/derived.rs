//! The values that other parts of the server derive from the configuration.

use adapters_http::TlsFiles;
use adapters_http::outbound::{OutboundPolicy, TrustAnchors};
use application::Settings;
use application::port::Limit;
use application::settings::{Lifetimes, PasswordRule, RegistrationPolicy};
use chrono::Duration;
use domain::scope::STANDARD;
use domain::{AuthenticationContexts, Branding, Scope, SignUpRules};

use super::settings::Config;

impl Config {
    /// The part of the configuration that use cases see.
    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings {
            issuer: self.server_public_base_url.clone(),
            scopes: self.all_scopes(),
            declared_scopes: self.scopes.declared.clone(),
            pkce: self.pkce_policy,
            issuer_default_scope: self.issuer_default_scopes.clone(),
            lifetimes: self.lifetimes(),
            sessions_per_user: self.sessions_per_user,
            access_token_alg: self.access_token_alg,
            require_allowed_groups: self.require_allowed_groups,
            account_deletion: self.account_deletion,
            sign_up: SignUpRules {
                mode: self.sign_up,
                domains: self.sign_up_domains.clone(),
                approval: self.sign_up_approval,
            },
            opaque_access_tokens: self.access_tokens_opaque,
            refresh_token_grant: self.refresh_token_grant_enabled,
            require_pushed_authorization_requests: self.require_pushed_authorization_requests,
            password_grant: self.password_grant_enabled,
            public_introspection: self.public_introspection,
            authentication_contexts: self.authentication_contexts(),
            second_factor: self.second_factor,
            authentication_limit: Limit {
                attempts: self.authentication_attempts,
                window: self.authentication_window_secs,
            },
            authentication_ceiling: self.authentication_ceiling,
            password_rule: self.password_rule(),
            device_authorization_limit: Limit {
                attempts: self.device_authorizations_per_hour,
                window: Duration::hours(1),
            },
            push_limit: Limit { attempts: self.pushed_requests_per_hour, window: Duration::hours(1) },
            shared_limit: Limit { attempts: self.shared_requests_per_hour, window: Duration::hours(1) },
            max_state_bytes: self.max_state_bytes as usize,
            refusal_retention: self.refusal_retention_secs,
            outbound_allow_private: self.outbound_allow_private,
            device_interval_seconds: self.device_interval_secs,
            ui_locales: self.ui_locales.clone(),
            service_documentation: self.service_documentation(),
            webfinger_hosts: self.webfinger_hosts.clone(),
            security_contacts: self.security_contacts.clone(),
            native_redirect_schemes: self.native_redirect_schemes.clone(),
            registration: RegistrationPolicy {
                mode: self.dynamic_registration,
                allowed_scopes: self.registration_allowed_scopes.union(&self.scopes.for_registered_clients),
                require_pkce: self.registration_require_pkce,
                device_grant: self.registration_device_grant,
                limit: Limit { attempts: self.registrations_per_hour, window: Duration::hours(1) },
                shared_limit: Limit { attempts: self.registrations_per_day, window: Duration::days(1) },
                unused: self.registration_unused_days,
            },
            branding: self.branding(),
        }
    }

    /// `acr_values`, and which of them need two factors. That the named one is among them was checked.
    fn authentication_contexts(&self) -> AuthenticationContexts {
        let all = self.acr_values.clone();
        match &self.second_factor_acr {
            Some(context) => all.clone().with_two_factors_from(context).unwrap_or(all),
            None => all,
        }
    }

    fn lifetimes(&self) -> Lifetimes {
        Lifetimes {
            authorization_code: self.authorization_code_ttl_secs,
            device_code: self.device_code_ttl_secs,
            access_token: self.access_token_ttl_secs,
            id_token: self.id_token_ttl_secs,
            refresh_token: self.refresh_token_ttl_secs,
            refresh_token_idle: self.refresh_token_idle_secs,
            session: self.session_ttl_secs,
            session_idle: self.session_idle_secs,
            fresh_sign_in: self.fresh_sign_in_secs,
            refresh_replay_window: self.refresh_replay_window_secs,
            pushed_request: self.par_ttl_secs,
            signing_key: self.key_rotation_days,
        }
    }

    /// Which passwords may be set.
    fn password_rule(&self) -> PasswordRule {
        let min_score = u8::try_from(self.password_min_score).unwrap_or(u8::MAX);
        PasswordRule { min_characters: self.password_min_length, min_score }
    }

    /// Which outbound requests the server may send, and which certificates it trusts.
    #[must_use]
    pub fn outbound(&self) -> OutboundPolicy {
        let trust = self.outbound_ca_file.clone().unwrap_or_else(TrustAnchors::public);
        OutboundPolicy::new(self.outbound_allow_private, trust)
    }

    /// The certificate and key of the listener, if the server terminates TLS itself.
    #[must_use]
    pub fn tls(&self) -> Option<TlsFiles> {
        let (certificate, key) = self.tls_cert_file.clone().zip(self.tls_key_file.clone())?;
        Some(TlsFiles { certificate, key })
    }

    /// `service_documentation` for the metadata.
    #[must_use]
    pub fn service_documentation(&self) -> String {
        self.service_documentation.clone().unwrap_or_else(|| self.server_public_base_url.endpoint("/docs"))
    }

    pub(super) fn all_scopes(&self) -> Scope {
        STANDARD.into_iter().chain(self.scopes.names.iter()).collect()
    }

    /// The operator, as pages and mails show it.
    pub(super) fn branding(&self) -> Branding {
        Branding {
            name: self.brand_name.clone(),
            accent: self.brand_color,
            logo: self.brand_logo_file.clone(),
            support: self.support_contact.clone(),
            imprint: self.imprint_url.clone(),
            privacy: self.privacy_url.clone(),
        }
    }
}
