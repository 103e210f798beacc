//! The one place that names adapters: which port is served by what, and which use case gets which port.

mod browser;
mod data;
mod grants;
mod ports;

use std::sync::Arc;

use adapters_http::UseCases;
use application::admin::access::AdminAccess;
use application::authorize::push::PushedRequestEndpoint;
use application::authorize::request_object::RequestObjectReader;
use application::browser::LogoutSignal;
use application::client::administration::ClientAdministration;
use application::client::initial_access_tokens::InitialAccessTokenAdministration;
use application::client::registration::RegistrationEndpoint;
use application::client_auth::key_sets::ClientKeySets;
use application::client_auth::{AssertionVerifier, ClientAuthenticator, SecretVerifier, VerifiedSecrets};
use application::device::DeviceAuthorizationEndpoint;
use application::introspection::IntrospectionEndpoint;
use application::keys::sealing::SealingKey;
use application::keys::{KeyView, Keys};
use application::logout::backchannel::BackchannelLogout;
use application::metadata::Metadata;
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
use application::{Context, Settings};

use browser::{BrowserEndpoints, Shared};
use grants::grants;

pub use data::{Data, Measured};
pub use ports::Ports;

/// Everything the wire needs. A grant that is not in the map is neither offered nor advertised.
#[must_use]
pub fn use_cases(ports: &Ports, settings: Settings, sealing_key: SealingKey) -> UseCases {
    let settings = Arc::new(settings);
    let sealing_key = Arc::new(sealing_key);
    let context = context(ports, &settings);
    let keys = keys(ports, &settings, sealing_key.clone());
    let subjects = Arc::new(SubjectIdentifiers {
        secrets: ports.server_secrets.clone(),
        sealing_key,
        context: context.clone(),
        key: PairwiseKey::default(),
    });
    let access_tokens = Arc::new(AccessTokens {
        keys: keys.clone(),
        authorizations: ports.authorizations.clone(),
        opaque: ports.opaque_access_tokens.clone(),
        context: context.clone(),
    });
    let id_tokens = Arc::new(IdTokens { keys: keys.clone(), context: context.clone() });
    let key_sets = Arc::new(ClientKeySets::new(ports.fetched_documents.clone(), ports.clock.clone()));
    let request_objects = Arc::new(RequestObjectReader::new(
        key_sets.clone(),
        ports.request_documents.clone(),
        context.clone(),
    ));
    let authenticator = Arc::new(ClientAuthenticator {
        clients: ports.clients.clone(),
        secrets: SecretVerifier {
            passwords: ports.passwords.clone(),
            attempts: ports.attempts.clone(),
            verified: VerifiedSecrets::new(ports.entropy.bytes()),
            context: context.clone(),
        },
        assertions: AssertionVerifier {
            key_sets,
            replay_marks: ports.replay_marks.clone(),
            context: context.clone(),
        },
    });
    let indicators =
        Arc::new(ResourceIndicators { resources: ports.resources.clone(), issuer: settings.issuer.clone() });
    let logout_signal = Arc::new(LogoutSignal::default());
    let shared = Shared {
        context: context.clone(),
        id_tokens: id_tokens.clone(),
        indicators: indicators.clone(),
        logout_signal: logout_signal.clone(),
        request_objects,
        subjects: subjects.clone(),
    };
    let browser = BrowserEndpoints::new(ports, &shared);
    let grants = grants(ports, &context, &indicators);
    UseCases {
        metadata: Metadata::new(&settings, grants.keys().copied()),
        login: browser.login,
        resume: browser.resume,
        registration: Arc::new(RegistrationEndpoint {
            clients: ports.clients.clone(),
            initial_access_tokens: ports.initial_access_tokens.clone(),
            attempts: ports.attempts.clone(),
            documents: ports.fetched_documents.clone(),
            grants: grants.keys().copied().collect(),
            context: context.clone(),
        }),
        administration: Arc::new(AdminAccess {
            sessions: ports.sessions.clone(),
            clients: ports.clients.clone(),
            access_tokens: access_tokens.clone(),
            context: context.clone(),
        }),
        registry: Arc::new(client_registry(ports, settings.clone())),
        people: Arc::new(people(ports, &settings)),
        audit_trail: ports.audit_trail.clone(),
        end_session: browser.end_session,
        interactions: browser.interactions,
        sessions: browser.sessions,
        backchannel_logout: Arc::new(BackchannelLogout {
            notices: ports.logout_notices.clone(),
            clients: ports.clients.clone(),
            receivers: ports.logout_receivers.clone(),
            subjects: subjects.clone(),
            keys: keys.clone(),
            context: context.clone(),
            signal: logout_signal,
        }),
        push: Arc::new(PushedRequestEndpoint {
            authenticator: authenticator.clone(),
            checks: browser.checks,
            pushed_requests: ports.pushed_requests.clone(),
            context: context.clone(),
        }),
        device_authorization: Arc::new(DeviceAuthorizationEndpoint {
            authenticator: authenticator.clone(),
            codes: ports.device_codes.clone(),
            attempts: ports.attempts.clone(),
            indicators: indicators.clone(),
            context: context.clone(),
        }),
        device_verification: browser.device_verification,
        authorization: browser.authorization,
        token: Arc::new(TokenEndpoint {
            authenticator: authenticator.clone(),
            grants,
            authorizations: ports.authorizations.clone(),
            access_tokens: access_tokens.clone(),
            id_tokens,
            keys: keys.clone(),
            subject_identifiers: subjects.clone(),
            users: ports.users.clone(),
            context: context.clone(),
        }),
        introspection: Arc::new(IntrospectionEndpoint {
            authenticator: authenticator.clone(),
            access_tokens: access_tokens.clone(),
            refresh_tokens: ports.refresh_tokens.clone(),
            subject_identifiers: subjects,
            indicators,
            keys: keys.clone(),
            context: context.clone(),
        }),
        revocation: Arc::new(RevocationEndpoint {
            authenticator,
            access_tokens: access_tokens.clone(),
            refresh_tokens: ports.refresh_tokens.clone(),
            authorizations: ports.authorizations.clone(),
            context: context.clone(),
        }),
        userinfo: Arc::new(UserInfoEndpoint { access_tokens, keys: keys.clone(), context: context.clone() }),
        protected_resources: Arc::new(ProtectedResources { resources: ports.resources.clone(), context }),
        set_up: Arc::new(set_up(ports, &settings)),
        keys,
        readiness: ports.readiness.clone(),
        settings,
        clock: ports.clock.clone(),
        entropy: ports.entropy.clone(),
    }
}

fn context(ports: &Ports, settings: &Arc<Settings>) -> Context {
    Context { settings: settings.clone(), clock: ports.clock.clone(), entropy: ports.entropy.clone() }
}

/// The signing keys, for the endpoints and for an operator.
#[must_use]
pub fn keys(ports: &Ports, settings: &Arc<Settings>, sealing_key: impl Into<Arc<SealingKey>>) -> Arc<Keys> {
    Arc::new(Keys {
        store: ports.signing_keys.clone(),
        sealing_key: sealing_key.into(),
        context: context(ports, settings),
        view: KeyView::default(),
    })
}

/// The administration of clients.
#[must_use]
pub fn client_registry(ports: &Ports, settings: Arc<Settings>) -> ClientAdministration {
    ClientAdministration {
        clients: ports.clients.clone(),
        resources: ports.resources.clone(),
        passwords: ports.passwords.clone(),
        context: context(ports, &settings),
    }
}

/// The administration of resource servers.
#[must_use]
pub fn resource_servers(ports: &Ports, settings: &Arc<Settings>) -> ResourceAdministration {
    ResourceAdministration {
        resources: ports.resources.clone(),
        clients: ports.clients.clone(),
        context: context(ports, settings),
    }
}

/// The administration of initial access tokens.
#[must_use]
pub fn registration_tokens(ports: &Ports, settings: Arc<Settings>) -> InitialAccessTokenAdministration {
    InitialAccessTokenAdministration {
        tokens: ports.initial_access_tokens.clone(),
        context: context(ports, &settings),
    }
}

/// The administration of users.
#[must_use]
pub fn people(ports: &Ports, settings: &Arc<Settings>) -> UserAdministration {
    UserAdministration {
        users: ports.users.clone(),
        sessions: ports.sessions.clone(),
        consents: ports.consents.clone(),
        passwords: ports.passwords.clone(),
        context: context(ports, settings),
    }
}

/// The one-time link for the first administrator.
#[must_use]
pub fn set_up(ports: &Ports, settings: &Arc<Settings>) -> SetUp {
    SetUp {
        links: ports.set_up_links.clone(),
        passwords: ports.passwords.clone(),
        context: context(ports, settings),
    }
}
