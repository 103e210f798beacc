//! The state that all handlers share.

use std::sync::{Arc, Once};

use application::account::OwnAccount;
use application::admin::access::AdminAccess;
use application::authorize::AuthorizationEndpoint;
use application::authorize::push::PushedRequestEndpoint;
use application::browser::{BrowserSessions, PostedRequests};
use application::client::administration::ClientAdministration;
use application::client::initial_access_tokens::InitialAccessTokenAdministration;
use application::client::logos::ClientLogos;
use application::client::registration::RegistrationEndpoint;
use application::device::{DeviceAuthorizationEndpoint, DeviceVerification};
use application::introspection::IntrospectionEndpoint;
use application::keys::Keys;
use application::login::Login;
use application::login::recorder::SignInRecorder;
use application::logout::backchannel::BackchannelLogout;
use application::logout::end_session::EndSessionEndpoint;
use application::metadata::Metadata;
use application::port::{AuditTrail, Clock, Entropy, Readiness};
use application::refusals::{Explanations, Reporter};
use application::resource::metadata::ProtectedResources;
use application::resource::servers::ResourceAdministration;
use application::resume::Resume;
use application::revoke::RevocationEndpoint;
use application::settings::Settings;
use application::token::TokenEndpoint;
use application::userinfo::UserInfoEndpoint;
use application::users::UserAdministration;
use application::users::factors::FactorAdministration;
use application::users::groups::GroupAdministration;
use application::users::links::UserLinks;
use application::users::mail::{ForgottenPasswords, MailDelivery, SignUp};
use application::users::set_up::SetUp;
use domain::UiLocales;
use http::HeaderMap;
use ipnet::IpNet;

use crate::answer::{Cacheable, PublishedKeys};
use crate::cookie::CookieNames;
use crate::language::{Language, Offered};
use crate::page::Base;

/// A setting, as administrators see it.
#[derive(Debug, Clone)]
pub struct ShownSetting {
    /// Its name.
    pub name: String,
    /// Its value; empty if it has none, and redacted if it is a secret.
    pub value: String,
    /// The name under which the operator wrote it, such as that of a variable; none for a default.
    pub source: Option<String>,
}

/// The use cases that the router serves.
pub struct UseCases {
    /// `/oauth/authorize` and `/consent`.
    pub authorization: Arc<AuthorizationEndpoint>,
    /// `/login`.
    pub login: Arc<Login>,
    /// What follows a login.
    pub resume: Arc<Resume>,
    /// Posted requests, for `/oauth/authorize` and `/oauth/logout`.
    pub posted: Arc<PostedRequests>,
    /// `/account` and below.
    pub account: Arc<OwnAccount>,
    /// `/`.
    pub sessions: Arc<BrowserSessions>,
    /// `/oauth/token`.
    pub token: Arc<TokenEndpoint>,
    /// `/oauth/device_authorization`.
    pub device_authorization: Arc<DeviceAuthorizationEndpoint>,
    /// `/oauth/device/verify`.
    pub device_verification: Arc<DeviceVerification>,
    /// `/oauth/introspect`.
    pub introspection: Arc<IntrospectionEndpoint>,
    /// `/oauth/revoke`.
    pub revocation: Arc<RevocationEndpoint>,
    /// `/oauth/par`.
    pub push: Arc<PushedRequestEndpoint>,
    /// `/oauth/userinfo`.
    pub userinfo: Arc<UserInfoEndpoint>,
    /// `/connect/register`.
    pub registration: Arc<RegistrationEndpoint>,
    /// Access control for `/admin`.
    pub administration: Arc<AdminAccess>,
    /// `/admin/clients/register` and `/admin/api/clients`.
    pub clients: Arc<ClientAdministration>,
    /// `/logos`.
    pub logos: Arc<ClientLogos>,
    /// `/admin/api/users`.
    pub users: Arc<UserAdministration>,
    /// `/admin/api/users/{id}/factors`.
    pub factors: Arc<FactorAdministration>,
    /// `/invite`, `/reset`, `/verify`, and what gives out their links.
    pub links: Arc<UserLinks>,
    /// `/forgot`, if mail is set up.
    pub forgotten: Option<Arc<ForgottenPasswords>>,
    /// `/register`, if mail is set up and the operator lets people make their own accounts.
    pub sign_up: Option<Arc<SignUp>>,
    /// Not an endpoint: it sends mails beside the router, if mail is set up.
    pub mail_delivery: Option<Arc<MailDelivery>>,
    /// `/admin/api/groups`.
    pub groups: Arc<GroupAdministration>,
    /// Not an endpoint: it reports errors, and keeps what explains them beside the router.
    pub reporter: Arc<Reporter>,
    /// `/admin/api/errors`.
    pub explanations: Arc<Explanations>,
    /// Not an endpoint: it records failed sign-ins beside the router.
    pub sign_in_recorder: Arc<SignInRecorder>,
    /// `/admin/apis`.
    pub resources: Arc<ResourceAdministration>,
    /// `/admin/registration-tokens`.
    pub registration_tokens: Arc<InitialAccessTokenAdministration>,
    /// `/admin/api/audit`.
    pub audit_trail: Arc<dyn AuditTrail>,
    /// `/oauth/logout`.
    pub end_session: Arc<EndSessionEndpoint>,
    /// Not an endpoint: it delivers logout notices beside the router.
    pub backchannel_logout: Arc<BackchannelLogout>,
    /// `/setup`.
    pub set_up: Arc<SetUp>,
    /// `/.well-known/jwks.json`.
    pub keys: Arc<Keys>,
    /// `/.well-known/openid-configuration` and `/.well-known/oauth-authorization-server`.
    pub metadata: Metadata,
    /// `/.well-known/oauth-protected-resource` and below.
    pub protected_resources: Arc<ProtectedResources>,
    /// `/ready`.
    pub readiness: Arc<dyn Readiness>,
    /// The operator's settings.
    pub settings: Arc<Settings>,
    /// The settings as `/admin/settings` shows them.
    pub shown_settings: Vec<ShownSetting>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Random bytes for error references and nonces.
    pub entropy: Arc<dyn Entropy>,
}

/// The use cases, and values that are computed once.
pub(crate) struct App {
    pub(crate) use_cases: UseCases,
    pub(crate) metadata: Cacheable,
    pub(crate) published_keys: PublishedKeys,
    pub(crate) cookies: CookieNames,
    pub(crate) base: Base,
    pub(crate) languages: Offered,
    pub(crate) trusted_proxies: Vec<IpNet>,
    /// Completed by the warning about a proxy that is not trusted.
    pub(crate) untrusted_proxy: Once,
}

/// The shared state, as axum passes it to every handler.
pub(crate) type Shared = Arc<App>;

impl App {
    pub(crate) fn new(use_cases: UseCases, trusted_proxies: Vec<IpNet>) -> Self {
        let metadata = serde_json::to_vec(&use_cases.metadata).unwrap_or_default();
        let cookies = CookieNames::new(&use_cases.settings.issuer);
        let base = Base::new(&use_cases.settings.issuer, &use_cases.settings.branding);
        let languages = Offered::new(&use_cases.settings.ui_locales);
        let (metadata, published_keys) = (Cacheable::new(metadata), PublishedKeys::default());
        let untrusted_proxy = Once::new();
        Self {
            metadata,
            published_keys,
            cookies,
            base,
            languages,
            use_cases,
            trusted_proxies,
            untrusted_proxy,
        }
    }

    /// The language of a page: the requested one, else the one that the browser prefers.
    pub(crate) fn language(&self, ui_locales: &UiLocales, headers: &HeaderMap) -> Language {
        self.languages.choose(ui_locales, headers)
    }

    /// The path as a browser sees it: below the issuer's path.
    pub(crate) fn path(&self, path: &str) -> String {
        self.base.path(path)
    }
}
