//! The production router on a free loopback port, with the store that `TEST_STORE` names and a
//! fixed clock.

use std::num::NonZeroUsize;
use std::sync::Arc;

use ::server::compose;
use ::server::config::Config;
use ::server::password::Argon2Passwords;
use adapters_http::Tls;
use adapters_http::language::Language;
use adapters_http::outbound::{OutboundClient, OutboundPolicy, TrustAnchors};
use adapters_memory::{FixedClock, SeededEntropy};
use application::client::administration::ClientAdministration;
use application::client::initial_access_tokens::InitialAccessTokenAdministration;
use application::keys::sealing::SealingKey;
use application::login::recorder::SignInRecorder;
use application::logout::backchannel::BackchannelLogout;
use application::port::{Clock, Entropy, Limit, Passwords, Ports};
use application::refusals::Reporter;
use application::resource::servers::{NewResource, ResourceAdministration};
use application::settings::{
    Lifetimes, PasswordRule, RegistrationMode, RegistrationPolicy, SecondFactor, Settings,
};
use application::users::factors::FactorAdministration;
use application::users::groups::{GroupAdministration, GroupDocument};
use application::users::links::UserLinks;
use application::users::mail::MailDelivery;
use application::users::{NewUser, UserAdministration};
use axum::Router;
use chrono::{DateTime, Duration, Utc};
use domain::Letter;
use domain::client::AccessTokenTyp;
use domain::pkce::PkcePolicy;
use domain::scope::STANDARD;
use domain::{
    Actor, AuthenticationContext, Branding, DeclaredScopes, Scope, Secret, SignUpMode, SignUpRules,
    SigningAlgorithm, User, acr,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use url::Url;

use super::{Mailbox, SelfSigned, first_keys};

use super::store::Store;

/// The password of every user that [`TestServer::user`] creates.
pub const PASSWORD: &str = "correct horse battery staple";

/// The issuer of servers on an existing database. No server listens there.
const UNREACHABLE_ISSUER: &str = "http://127.0.0.1:9";

/// A running server. Dropping it stops it.
pub struct TestServer {
    /// The issuer: `http://127.0.0.1:<port>` and the given path, unless the settings were changed.
    pub issuer: String,
    /// The listening address: `http://127.0.0.1:<port>`, or https.
    pub listening: String,
    /// The clock.
    pub clock: FixedClock,
    /// The ports.
    pub ports: Ports,
    /// The settings.
    pub settings: Arc<Settings>,
    /// The administration of clients.
    pub clients: ClientAdministration,
    /// The administration of users.
    pub users: UserAdministration,
    /// The one-time links of users.
    pub links: UserLinks,
    /// The administration of second factors.
    pub factors: FactorAdministration,
    /// The administration of groups.
    pub groups: GroupAdministration,
    /// The administration of initial access tokens.
    pub registration_tokens: InitialAccessTokenAdministration,
    /// The administration of resource servers.
    pub resources: ResourceAdministration,
    /// The signing keys.
    pub keys: Arc<application::keys::Keys>,
    /// Sends mails to the mailbox, if mail is set up.
    pub mail_delivery: Option<Arc<MailDelivery>>,
    /// What was sent.
    pub mailbox: Arc<Mailbox>,
    /// Back-channel logout, which the test drives as the server process does.
    pub backchannel_logout: Arc<BackchannelLogout>,
    /// What keeps the explanations of refused requests in the background.
    pub reporter: Arc<Reporter>,
    /// What records failed sign-ins in the background.
    pub sign_in_recorder: Arc<SignInRecorder>,
    _stop: oneshot::Sender<()>,
    /// The data is removed when the last node on it is dropped.
    _store: Arc<Store>,
}

/// The address of a server and its transport.
#[derive(Default)]
pub(super) struct Place<'a> {
    path: &'a str,
    tls: Option<Tls>,
    /// The certificate authorities that it trusts in addition to the public ones.
    trusted: Option<Vec<u8>>,
    /// What changes the ports, if they are not those of the store.
    ports: Option<fn(&mut Ports)>,
    /// Whether mail is set up.
    mail: bool,
}

/// The issuer at the name of this machine.
fn named(settings: &Settings) -> domain::Issuer {
    settings.issuer.to_string().replace("127.0.0.1", "localhost").parse().expect("an issuer")
}

/// The default settings, with the refresh token grant enabled.
#[must_use]
pub fn default_settings(issuer: &str) -> Settings {
    Settings {
        issuer: issuer.parse().expect("an issuer"),
        scopes: STANDARD.into_iter().chain(["read", "write"]).collect::<Scope>(),
        declared_scopes: DeclaredScopes::default(),
        pkce: PkcePolicy::default(),
        issuer_default_scope: Scope::default(),
        lifetimes: Lifetimes {
            authorization_code: Duration::seconds(60),
            device_code: Duration::seconds(600),
            access_token: Duration::seconds(3600),
            id_token: Duration::seconds(3600),
            refresh_token: Duration::days(30),
            refresh_token_idle: Duration::days(14),
            session: Duration::hours(12),
            session_idle: Duration::days(365),
            fresh_sign_in: Duration::minutes(5),
            refresh_replay_window: Duration::seconds(10),
            pushed_request: Duration::seconds(60),
            signing_key: Duration::days(30),
        },
        sessions_per_user: 100,
        access_token_alg: SigningAlgorithm::Rs256,
        opaque_access_tokens: false,
        require_allowed_groups: false,
        account_deletion: false,
        sign_up: SignUpRules { mode: SignUpMode::Closed, domains: Vec::new(), approval: false },
        refresh_token_grant: true,
        require_pushed_authorization_requests: false,
        password_grant: false,
        public_introspection: false,
        max_state_bytes: 4_096,
        refusal_retention: Duration::days(1),
        outbound_allow_private: false,
        authentication_contexts: vec![acr::PASSWORD.parse::<AuthenticationContext>().expect("a context")]
            .try_into()
            .expect("a ladder"),
        second_factor: SecondFactor::Optional,
        authentication_limit: Limit { attempts: 10, window: Duration::minutes(15) },
        authentication_ceiling: 100,
        password_rule: PasswordRule { min_characters: 8, min_score: 2 },
        device_authorization_limit: Limit { attempts: 1_000, window: Duration::hours(1) },
        push_limit: Limit { attempts: 1_000, window: Duration::hours(1) },
        shared_limit: Limit { attempts: 10_000, window: Duration::hours(1) },
        device_interval_seconds: 5,
        ui_locales: Language::shipped().map(|language| language.tag().to_owned()).collect(),
        service_documentation: format!("{issuer}/docs"),
        webfinger_hosts: Vec::new(),
        security_contacts: Vec::new(),
        native_redirect_schemes: Vec::new(),
        registration: RegistrationPolicy {
            mode: RegistrationMode::InitialAccessToken,
            allowed_scopes: STANDARD.into_iter().collect(),
            device_grant: false,
            require_pkce: true,
            limit: Limit { attempts: 60, window: Duration::hours(1) },
            shared_limit: Limit { attempts: 1_000, window: Duration::days(1) },
            unused: Duration::days(30),
        },
        branding: Branding::default(),
    }
}

impl TestServer {
    /// A server with the default settings and a fixed clock.
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// A server with changed settings and a fixed clock.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let clock = still();
        Self::run(Place::default(), change, clock.clone(), Arc::new(clock)).await
    }

    /// A server at `http://localhost:<port>`, where passkeys are possible, with changed settings and a fixed clock.
    pub async fn with_a_name(change: impl FnOnce(&mut Settings)) -> Self {
        Self::with(|settings| {
            settings.issuer = named(settings);
            change(settings);
        })
        .await
    }

    /// As [`with_a_name`](Self::with_a_name), with the real time.
    pub async fn with_a_name_in_real_time(change: impl FnOnce(&mut Settings)) -> Self {
        Self::in_real_time_with(|settings| {
            settings.issuer = named(settings);
            change(settings);
        })
        .await
    }

    /// A server with the default settings and a fixed clock, and with changed ports.
    pub async fn with_ports(change: fn(&mut Ports)) -> Self {
        let (clock, place) = (still(), Place { ports: Some(change), ..Place::default() });
        Self::run(place, |_| {}, clock.clone(), Arc::new(clock)).await
    }

    /// A server that sends its mails to [`TestServer::mailbox`].
    pub async fn with_mail() -> Self {
        Self::with_mail_and(|_| {}).await
    }

    /// As [`with_mail`](Self::with_mail) with changed settings.
    pub async fn with_mail_and(change: impl FnOnce(&mut Settings)) -> Self {
        let (clock, place) = (still(), Place { mail: true, ..Place::default() });
        Self::run(place, change, clock.clone(), Arc::new(clock)).await
    }

    /// As [`with_mail`](Self::with_mail), at `http://localhost:<port>`.
    pub async fn with_mail_and_a_name() -> Self {
        let (clock, place) = (still(), Place { mail: true, ..Place::default() });
        let change = |settings: &mut Settings| settings.issuer = named(settings);
        Self::run(place, change, clock.clone(), Arc::new(clock)).await
    }

    /// As [`with_mail`](Self::with_mail) with the real time.
    pub async fn with_mail_in_real_time() -> Self {
        let clock: Arc<dyn Clock> = Arc::new(::server::system::SystemClock);
        let place = Place { mail: true, ..Place::default() };
        Self::run(place, |_| {}, FixedClock::new(clock.now()), clock).await
    }

    /// The letters that wait, after sending them.
    pub async fn sent(&self) -> Vec<Letter> {
        let delivery = self.mail_delivery.as_ref().expect("mail is set up");
        loop {
            let due = delivery.take_due(10).await.expect("a store");
            if due.is_empty() {
                return self.mailbox.take();
            }
            for mail in due {
                delivery.deliver(&mail).await.expect("a store");
            }
        }
    }

    /// A server on the existing database at `url`, with the same fixed clock as all test servers.
    /// Its issuer is always the same and differs from its listening address.
    pub async fn on(url: &str) -> Self {
        let (clock, store) = (still(), Arc::new(Store::at(url)));
        let issued =
            |settings: &mut Settings| settings.issuer = UNREACHABLE_ISSUER.parse().expect("an issuer");
        Self::node(Place::default(), issued, clock.clone(), Arc::new(clock), store).await.0
    }

    /// A server whose issuer has this path, with the default settings and a fixed clock.
    pub async fn below(path: &str) -> Self {
        let clock = still();
        Self::run(Place { path, ..Place::default() }, |_| {}, clock.clone(), Arc::new(clock)).await
    }

    /// A server that terminates TLS itself, with the default settings and a fixed clock.
    pub async fn over_https(certificate: &SelfSigned) -> Self {
        Self::over_https_with(certificate, |_| {}).await
    }

    /// As [`over_https`](Self::over_https) with changed settings. Its outbound requests trust its
    /// own certificate.
    pub async fn over_https_with(certificate: &SelfSigned, change: impl FnOnce(&mut Settings)) -> Self {
        let tls = Some(Tls::load(certificate.files()).await.expect("a certificate"));
        let clock = still();
        let trusted = Some(certificate.pem());
        Self::run(Place { tls, trusted, ..Place::default() }, change, clock.clone(), Arc::new(clock)).await
    }

    /// A server at `http://localhost:<port>` that is configured by these environment variables
    /// only.
    pub async fn configured(variables: &[(&str, &str)]) -> Self {
        Self::with(|settings| {
            let issuer = settings.issuer.to_string().replace("127.0.0.1", "localhost");
            let base = [("OAUTH2_SERVER_PUBLIC_BASE_URL", issuer.as_str())];
            let all = base.iter().chain(variables);
            let environment = all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            *settings = Config::load(None, environment).expect("a configuration").settings();
        })
        .await
    }

    /// A server with the real time, for clients that check the time.
    pub async fn in_real_time() -> Self {
        Self::in_real_time_with(|_| {}).await
    }

    /// As [`in_real_time`](Self::in_real_time) with changed settings.
    pub async fn in_real_time_with(change: impl FnOnce(&mut Settings)) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(::server::system::SystemClock);
        Self::run(Place::default(), change, FixedClock::new(clock.now()), clock).await
    }

    async fn run(
        place: Place<'_>,
        change: impl FnOnce(&mut Settings),
        fixed: FixedClock,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self::node(place, change, fixed, clock, Arc::new(Store::named().await)).await.0
    }

    /// A server on this store, and its router.
    pub(super) async fn node(
        place: Place<'_>,
        change: impl FnOnce(&mut Settings),
        fixed: FixedClock,
        clock: Arc<dyn Clock>,
        store: Arc<Store>,
    ) -> (Self, Router) {
        super::log::start();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let scheme = if place.tls.is_some() { "https" } else { "http" };
        let listening = format!("{scheme}://{}", listener.local_addr().expect("an address"));
        let mut settings = default_settings(&format!("{listening}{}", place.path));
        change(&mut settings);
        let issuer = settings.issuer.to_string();

        // On an existing database, the fixed seed would draw ids that are already taken.
        let entropy: Arc<dyn Entropy> = match store.is_existing() {
            true => Arc::new(::server::system::SystemEntropy),
            false => Arc::new(SeededEntropy::new(seed())),
        };
        let hashing = NonZeroUsize::new(2).expect("two");
        let passwords: Arc<dyn Passwords> = Arc::new(Argon2Passwords::new(hashing));
        let trusted = match &place.trusted {
            None => TrustAnchors::public(),
            Some(pem) => TrustAnchors::public().with_pem(pem).expect("trust anchors"),
        };
        let policy = OutboundPolicy::new(settings.outbound_allow_private, trusted);
        let outbound = Arc::new(OutboundClient::new(policy).expect("an outbound client"));
        let stores = store.open(clock.clone()).await;
        let mut ports = compose::ports(stores, clock, entropy, passwords, outbound);
        let mailbox = Arc::new(Mailbox::default());
        if place.mail {
            ports.mail_sender = Some(mailbox.clone());
        }
        if let Some(change) = place.ports {
            change(&mut ports);
        }

        let sealing_key = SealingKey::new([7; 32]).expect("a sealing key");
        let use_cases = compose::use_cases(&ports, settings.clone(), sealing_key);
        first_keys::install(&use_cases.keys, ports.signing_keys.as_ref(), ports.clock.as_ref()).await;
        let settings = Arc::new(settings);
        let clients = compose::client_administration(&ports, &settings, Some(use_cases.keys.clone()));
        let sealing_key = Arc::new(SealingKey::new([7; 32]).expect("a sealing key"));
        let mail = compose::mail_writer(&ports, &settings, &sealing_key);
        let users = compose::user_administration(&ports, &settings, mail.clone());
        let links = compose::user_links(&ports, &settings, mail.clone());
        let mail_delivery = use_cases.mail_delivery.clone();
        let factors = compose::factor_administration(&ports, &settings, mail);
        let groups = compose::group_administration(&ports, &settings);
        let registration_tokens = compose::registration_tokens(&ports, &settings);
        let resources = compose::resource_servers(&ports, &settings);
        let keys = use_cases.keys.clone();

        let backchannel_logout = use_cases.backchannel_logout.clone();
        tokio::spawn(::server::logout_delivery::run(backchannel_logout.clone()));
        let sign_in_recorder = use_cases.sign_in_recorder.clone();
        let reporter = use_cases.reporter.clone();
        let router = adapters_http::router(use_cases, Vec::new());
        let (stop, stopped) = oneshot::channel();
        let (served, stopped) = (router.clone(), async {
            let _ = stopped.await;
        });
        tokio::spawn(adapters_http::serve(listener, place.tls, budget(), served, stopped));
        let server = Self {
            issuer,
            listening,
            clock: fixed,
            ports,
            settings,
            clients,
            users,
            links,
            factors,
            groups,
            registration_tokens,
            resources,
            keys,
            mail_delivery,
            mailbox,
            backchannel_logout,
            reporter,
            sign_in_recorder,
            _stop: stop,
            _store: store,
        };
        (server, router)
    }

    /// The port of the listening address.
    #[must_use]
    pub fn port(&self) -> u16 {
        Url::parse(&self.listening).expect("a URL").port().expect("a port")
    }

    /// The URL of a path of this server.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.issuer)
    }

    /// The server's current time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.ports.clock.now()
    }

    /// Registers a resource server.
    pub async fn resource(&self, id: &str, change: impl FnOnce(&mut NewResource)) {
        let mut new = NewResource {
            id: id.parse().expect("a resource identifier"),
            name: Some(format!("The resource {id}")),
            scope: "read".parse().expect("a scope"),
            default_scope: Scope::default(),
            for_registered_clients: false,
            access_token_typ: AccessTokenTyp::AtJwt,
            documentation: None,
            client: None,
        };
        change(&mut new);
        self.resources.register(new, Actor::CommandLine).await.expect("a new resource");
    }

    /// Creates a user with [`PASSWORD`] and a full profile.
    pub async fn user(&self, username: &str) -> User {
        let claims = json!({
            "name": "Ada Lovelace", "given_name": "Ada", "family_name": "Lovelace", "middle_name": "King",
            "nickname": "ada", "profile": "https://example.com/ada", "picture": "https://example.com/ada.png",
            "website": "https://example.com", "gender": "female", "birthdate": "1815-12-10",
            "zoneinfo": "Europe/London", "locale": "en-GB",
            "email": format!("{username}@example.com"), "email_verified": true,
            "phone_number": "+44 20 7946 0000", "phone_number_verified": false,
            "address": {"country": "United Kingdom", "locality": "London"},
        });
        let Value::Object(claims) = claims else { unreachable!() };
        let new = NewUser {
            username: username.parse().expect("a user name"),
            password: Some(Secret::from(PASSWORD)),
            claims: claims.try_into().expect("claims"),
            administrator: false,
        };
        self.users.create(new, Actor::CommandLine).await.expect("a new user")
    }

    /// Creates a group with these members.
    pub async fn group(&self, name: &str, members: &[&User]) {
        let Value::Object(document) = json!({"name": name}) else { unreachable!() };
        let group = self.groups.create(GroupDocument::new(document), Actor::CommandLine).await;
        let members: Vec<_> = members.iter().map(|user| (*user).clone()).collect();
        let name = group.expect("a new group").name;
        self.groups.add(&name, &members, Actor::CommandLine).await.expect("new members");
    }
}

fn still() -> FixedClock {
    FixedClock::new(DateTime::from_timestamp(1_800_000_000, 0).expect("an instant"))
}

/// A seed for each server of a run. Two runs draw the same seeds in the same order.
fn seed() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Memory for the connections and requests of a test.
pub(super) fn budget() -> Arc<adapters_http::Budget> {
    adapters_http::Budget::new(64 * 1024 * 1024, Vec::new())
}
