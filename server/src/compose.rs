//! The composition root: the only place that names adapters. It gives each use case its ports.

mod data;
mod grants;
mod ports;

use std::sync::Arc;

use adapters_http::UseCases;
use application::Settings;
use application::admin::access::AdminAccess;
use application::authorize::AuthorizationEndpoint;
use application::authorize::push::PushedRequestEndpoint;
use application::authorize::request_object::RequestObjectReader;
use application::client::administration::ClientAdministration;
use application::client::initial_access_tokens::InitialAccessTokenAdministration;
use application::client::registration::RegistrationEndpoint;
use application::client_auth::key_sets::ClientKeySets;
use application::client_auth::{ClientAuthenticator, VerifiedSecrets};
use application::device::{DeviceAuthorizationEndpoint, DeviceVerification};
use application::introspection::IntrospectionEndpoint;
use application::keys::sealing::SealingKey;
use application::keys::{KeyView, Keys};
use application::login::Login;
use application::logout::backchannel::{BackchannelLogout, LogoutSignal};
use application::logout::end_session::EndSessionEndpoint;
use application::metadata::Metadata;
use application::port::Ports;
use application::resource::indicators::ResourceIndicators;
use application::resource::metadata::ProtectedResources;
use application::resource::servers::ResourceAdministration;
use application::revoke::RevocationEndpoint;
use application::token::TokenEndpoint;
use application::token::access_token::AccessTokens;
use application::token::id_token::IdTokens;
use application::userinfo::UserInfoEndpoint;
use application::users::UserAdministration;
use application::users::set_up::SetUp;
use application::users::subject_identifiers::{PairwiseKey, SubjectIdentifiers};

use grants::{grants, password_verifier};

pub use data::{Data, Measured};
pub use ports::ports;

/// The use cases that the HTTP adapter needs. A grant that is not in the map is neither accepted nor advertised.
#[must_use]
pub fn use_cases(ports: &Ports, settings: Settings, sealing_key: SealingKey) -> UseCases {
    let settings = Arc::new(settings);
    let sealing_key = Arc::new(sealing_key);
    let keys = keys(ports, &settings, sealing_key.clone());
    let subjects = Arc::new(SubjectIdentifiers {
        secrets: ports.server_secrets.clone(),
        sealing_key,
        entropy: ports.entropy.clone(),
        key: PairwiseKey::default(),
    });
    let access_tokens = Arc::new(AccessTokens {
        keys: keys.clone(),
        authorizations: ports.authorizations.clone(),
        opaque: ports.opaque_access_tokens.clone(),
        settings: settings.clone(),
        clock: ports.clock.clone(),
        entropy: ports.entropy.clone(),
    });
    let id_tokens = Arc::new(IdTokens { keys: keys.clone(), settings: settings.clone() });
    let key_sets = Arc::new(ClientKeySets::new(ports.fetched_documents.clone(), ports.clock.clone()));
    let request_objects = Arc::new(RequestObjectReader::new(
        key_sets.clone(),
        ports.request_documents.clone(),
        settings.issuer.clone(),
        ports.clock.clone(),
    ));
    let authenticator = Arc::new(ClientAuthenticator {
        clients: ports.clients.clone(),
        passwords: ports.passwords.clone(),
        attempts: ports.attempts.clone(),
        limit: settings.login_limit,
        verified: VerifiedSecrets::new(ports.entropy.bytes()),
        key_sets,
        replay_marks: ports.replay_marks.clone(),
        issuer: settings.issuer.clone(),
        clock: ports.clock.clone(),
    });
    let indicators =
        Arc::new(ResourceIndicators { resources: ports.resources.clone(), issuer: settings.issuer.clone() });
    let logout_signal = Arc::new(LogoutSignal::default());
    let authorization = Arc::new(AuthorizationEndpoint {
        clients: ports.clients.clone(),
        sessions: ports.sessions.clone(),
        consents: ports.consents.clone(),
        interactions: ports.interactions.clone(),
        pushed_requests: ports.pushed_requests.clone(),
        logout_signal: logout_signal.clone(),
        codes: ports.authorization_codes.clone(),
        id_tokens: id_tokens.clone(),
        request_objects,
        subjects: subjects.clone(),
        indicators: indicators.clone(),
        settings: settings.clone(),
        clock: ports.clock.clone(),
        entropy: ports.entropy.clone(),
    });
    let grants = grants(ports, &settings, &indicators);
    UseCases {
        metadata: Metadata::new(&settings, grants.keys().copied()),
        login: Arc::new(Login {
            authorization: authorization.clone(),
            passwords: password_verifier(ports, &settings),
        }),
        registration: Arc::new(RegistrationEndpoint {
            clients: ports.clients.clone(),
            initial_access_tokens: ports.initial_access_tokens.clone(),
            attempts: ports.attempts.clone(),
            documents: ports.fetched_documents.clone(),
            settings: settings.clone(),
            grants: grants.keys().copied().collect(),
            clock: ports.clock.clone(),
            entropy: ports.entropy.clone(),
        }),
        administration: Arc::new(AdminAccess {
            sessions: ports.sessions.clone(),
            clients: ports.clients.clone(),
            access_tokens: access_tokens.clone(),
            settings: settings.clone(),
            clock: ports.clock.clone(),
        }),
        registry: Arc::new(client_registry(ports, settings.clone())),
        people: Arc::new(people(ports)),
        audit_trail: ports.audit_trail.clone(),
        end_session: Arc::new(EndSessionEndpoint { authorization: authorization.clone() }),
        backchannel_logout: Arc::new(BackchannelLogout {
            notices: ports.logout_notices.clone(),
            clients: ports.clients.clone(),
            receivers: ports.logout_receivers.clone(),
            subjects: subjects.clone(),
            keys: keys.clone(),
            settings: settings.clone(),
            clock: ports.clock.clone(),
            entropy: ports.entropy.clone(),
            bell: logout_signal,
        }),
        push: Arc::new(PushedRequestEndpoint {
            authenticator: authenticator.clone(),
            authorization: authorization.clone(),
        }),
        device_authorization: Arc::new(DeviceAuthorizationEndpoint {
            authenticator: authenticator.clone(),
            codes: ports.device_codes.clone(),
            attempts: ports.attempts.clone(),
            indicators: indicators.clone(),
            settings: settings.clone(),
            entropy: ports.entropy.clone(),
        }),
        device_verification: Arc::new(DeviceVerification {
            authorization: authorization.clone(),
            codes: ports.device_codes.clone(),
            attempts: ports.attempts.clone(),
        }),
        authorization,
        token: Arc::new(TokenEndpoint {
            authenticator: authenticator.clone(),
            grants,
            access_tokens: access_tokens.clone(),
            id_tokens,
            subjects: subjects.clone(),
            users: ports.users.clone(),
        }),
        introspection: Arc::new(IntrospectionEndpoint {
            authenticator: authenticator.clone(),
            access_tokens: access_tokens.clone(),
            refresh_tokens: ports.refresh_tokens.clone(),
            subjects,
            indicators,
        }),
        revocation: Arc::new(RevocationEndpoint {
            authenticator,
            access_tokens: access_tokens.clone(),
            refresh_tokens: ports.refresh_tokens.clone(),
        }),
        userinfo: Arc::new(UserInfoEndpoint { access_tokens }),
        protected_resources: Arc::new(ProtectedResources {
            resources: ports.resources.clone(),
            settings: settings.clone(),
        }),
        set_up: Arc::new(SetUp {
            links: ports.set_up_links.clone(),
            passwords: ports.passwords.clone(),
            clock: ports.clock.clone(),
            entropy: ports.entropy.clone(),
        }),
        keys,
        readiness: ports.readiness.clone(),
        settings,
        clock: ports.clock.clone(),
        entropy: ports.entropy.clone(),
    }
}

/// The signing keys, for the endpoints and for an operator.
#[must_use]
pub fn keys(ports: &Ports, settings: &Settings, sealing_key: impl Into<Arc<SealingKey>>) -> Arc<Keys> {
    Arc::new(Keys {
        store: ports.signing_keys.clone(),
        sealing_key: sealing_key.into(),
        clock: ports.clock.clone(),
        longest_token: settings.lifetimes.longest_token(),
        lifetime: settings.lifetimes.signing_key,
        view: KeyView::default(),
    })
}

/// What an operator may do with clients.
#[must_use]
pub fn client_registry(ports: &Ports, settings: Arc<Settings>) -> ClientAdministration {
    ClientAdministration {
        clients: ports.clients.clone(),
        resources: ports.resources.clone(),
        passwords: ports.passwords.clone(),
        settings,
        clock: ports.clock.clone(),
        entropy: ports.entropy.clone(),
    }
}

/// What an operator may do with resource servers.
#[must_use]
pub fn resource_servers(ports: &Ports, settings: Arc<Settings>) -> ResourceAdministration {
    ResourceAdministration {
        resources: ports.resources.clone(),
        clients: ports.clients.clone(),
        settings,
        clock: ports.clock.clone(),
    }
}

/// What an operator may do with initial access tokens.
#[must_use]
pub fn registration_tokens(ports: &Ports, settings: Arc<Settings>) -> InitialAccessTokenAdministration {
    InitialAccessTokenAdministration {
        tokens: ports.initial_access_tokens.clone(),
        settings,
        clock: ports.clock.clone(),
        entropy: ports.entropy.clone(),
    }
}

/// What an operator may do with users.
#[must_use]
pub fn people(ports: &Ports) -> UserAdministration {
    UserAdministration {
        users: ports.users.clone(),
        sessions: ports.sessions.clone(),
        consents: ports.consents.clone(),
        passwords: ports.passwords.clone(),
        clock: ports.clock.clone(),
        entropy: ports.entropy.clone(),
    }
}
