//! Which adapter serves which port.

use std::sync::Arc;

use adapters_http::outbound::OutboundClient;
use adapters_memory::MemoryStore;
use adapters_postgres::Database;
use adapters_redis::Redis;
use application::port::{
    Attempts, AuditTrail, AuthorizationCodes, Authorizations, Clients, Clock, Consents, DeviceCodes, Entropy,
    Expired, FetchedDocuments, InitialAccessTokens, Interactions, LogoutNotices, LogoutReceivers,
    OpaqueAccessTokens, Passwords, PushedRequests, Readiness, RefreshTokens, ReplayMarks, Resources,
    ServerSecrets, Sessions, SetUpLinks, SigningKeys, Unavailable, Users,
};
use async_trait::async_trait;

/// What serves each port.
#[derive(Clone)]
pub struct Ports {
    /// Counters against guessing.
    pub attempts: Arc<dyn Attempts>,
    /// Who changed what.
    pub audit_trail: Arc<dyn AuditTrail>,
    /// Codes.
    pub authorization_codes: Arc<dyn AuthorizationCodes>,
    /// What was granted.
    pub authorizations: Arc<dyn Authorizations>,
    /// Registrations.
    pub clients: Arc<dyn Clients>,
    /// Remembered consent.
    pub consents: Arc<dyn Consents>,
    /// Device codes.
    pub device_codes: Arc<dyn DeviceCodes>,
    /// Forgetting.
    pub expired: Arc<dyn Expired>,
    /// What clients publish.
    pub fetched_documents: Arc<dyn FetchedDocuments>,
    /// What admits clients that register themselves.
    pub initial_access_tokens: Arc<dyn InitialAccessTokens>,
    /// Logins and consents under way.
    pub interactions: Arc<dyn Interactions>,
    /// Clients that must be notified of a logout.
    pub logout_notices: Arc<dyn LogoutNotices>,
    /// The clients' ends of back-channel logout.
    pub logout_receivers: Arc<dyn LogoutReceivers>,
    /// Requests that clients publish.
    pub request_documents: Arc<dyn FetchedDocuments>,
    /// Requests that clients pushed.
    pub pushed_requests: Arc<dyn PushedRequests>,
    /// Access tokens that are kept.
    pub opaque_access_tokens: Arc<dyn OpaqueAccessTokens>,
    /// Whether the stores answer.
    pub readiness: Arc<dyn Readiness>,
    /// Refresh tokens.
    pub refresh_tokens: Arc<dyn RefreshTokens>,
    /// What was used once.
    pub replay_marks: Arc<dyn ReplayMarks>,
    /// Resource servers.
    pub resources: Arc<dyn Resources>,
    /// Sealed secrets of the server itself.
    pub server_secrets: Arc<dyn ServerSecrets>,
    /// Signed-in browsers.
    pub sessions: Arc<dyn Sessions>,
    /// The first administrator's link.
    pub set_up_links: Arc<dyn SetUpLinks>,
    /// Signing keys.
    pub signing_keys: Arc<dyn SigningKeys>,
    /// UserAdministration.
    pub users: Arc<dyn Users>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
    /// Password hashing.
    pub passwords: Arc<dyn Passwords>,
}

impl Ports {
    /// Everything in memory, empty, gone with the last use.
    #[must_use]
    pub fn in_memory(
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        passwords: Arc<dyn Passwords>,
        outbound: Arc<OutboundClient>,
    ) -> Self {
        Self::on(Arc::new(MemoryStore::new()), clock, entropy, passwords, outbound)
    }

    /// Everything in one database.
    #[must_use]
    pub fn on_database(
        database: &Database,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        passwords: Arc<dyn Passwords>,
        outbound: Arc<OutboundClient>,
    ) -> Self {
        Self::on(Arc::new(database.clone()), clock, entropy, passwords, outbound)
    }

    /// The same ports, with the short-lived data in Redis.
    #[must_use]
    pub fn with_redis(self, redis: Redis) -> Self {
        let redis = Arc::new(redis);
        Self {
            attempts: redis.clone(),
            authorization_codes: redis.clone(),
            device_codes: redis.clone(),
            interactions: redis.clone(),
            pushed_requests: redis.clone(),
            replay_marks: redis.clone(),
            readiness: Arc::new(Both(self.readiness, redis)),
            ..self
        }
    }

    fn on<Store>(
        store: Arc<Store>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        passwords: Arc<dyn Passwords>,
        outbound: Arc<OutboundClient>,
    ) -> Self
    where
        Store: Attempts
            + AuditTrail
            + AuthorizationCodes
            + Authorizations
            + Clients
            + Consents
            + DeviceCodes
            + Expired
            + InitialAccessTokens
            + Interactions
            + LogoutNotices
            + PushedRequests
            + OpaqueAccessTokens
            + Readiness
            + RefreshTokens
            + ReplayMarks
            + Resources
            + ServerSecrets
            + Sessions
            + SetUpLinks
            + SigningKeys
            + Users
            + 'static,
    {
        Self {
            attempts: store.clone(),
            audit_trail: store.clone(),
            authorization_codes: store.clone(),
            authorizations: store.clone(),
            clients: store.clone(),
            consents: store.clone(),
            device_codes: store.clone(),
            expired: store.clone(),
            fetched_documents: outbound.clone(),
            initial_access_tokens: store.clone(),
            interactions: store.clone(),
            logout_notices: store.clone(),
            // Slow responses to these do not delay the requests that fetch keys.
            request_documents: Arc::new(outbound.with_own_turns()),
            logout_receivers: outbound,
            pushed_requests: store.clone(),
            opaque_access_tokens: store.clone(),
            readiness: store.clone(),
            refresh_tokens: store.clone(),
            replay_marks: store.clone(),
            resources: store.clone(),
            server_secrets: store.clone(),
            sessions: store.clone(),
            set_up_links: store.clone(),
            signing_keys: store.clone(),
            users: store,
            clock,
            entropy,
            passwords,
        }
    }
}

/// Ready when both are.
struct Both(Arc<dyn Readiness>, Arc<dyn Readiness>);

#[async_trait]
impl Readiness for Both {
    async fn check(&self) -> Result<(), Unavailable> {
        self.0.check().await?;
        self.1.check().await
    }
}
