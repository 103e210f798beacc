//! The ports of one adapter, fresh and empty for each clause.

use std::any::Any;
use std::sync::Arc;

use application::port::{
    Attempts, AuditTrail, AuthorizationCodes, Authorizations, Clients, Consents, DeviceCodes, Expired,
    InitialAccessTokens, Interactions, LogoutNotices, OpaqueAccessTokens, PushedRequests, Readiness,
    RefreshTokens, ReplayMarks, Resources, ServerSecrets, Sessions, SetUpLinks, SigningKeys, Users,
};

/// Every store port. All of them see the same data.
#[derive(Clone)]
pub struct Stores {
    pub attempts: Arc<dyn Attempts>,
    pub audit_trail: Arc<dyn AuditTrail>,
    pub authorization_codes: Arc<dyn AuthorizationCodes>,
    pub authorizations: Arc<dyn Authorizations>,
    pub clients: Arc<dyn Clients>,
    pub consents: Arc<dyn Consents>,
    pub device_codes: Arc<dyn DeviceCodes>,
    pub expired: Arc<dyn Expired>,
    pub initial_access_tokens: Arc<dyn InitialAccessTokens>,
    pub interactions: Arc<dyn Interactions>,
    pub logout_notices: Arc<dyn LogoutNotices>,
    pub pushed_requests: Arc<dyn PushedRequests>,
    pub opaque_access_tokens: Arc<dyn OpaqueAccessTokens>,
    pub readiness: Arc<dyn Readiness>,
    pub refresh_tokens: Arc<dyn RefreshTokens>,
    pub replay_marks: Arc<dyn ReplayMarks>,
    pub resources: Arc<dyn Resources>,
    pub server_secrets: Arc<dyn ServerSecrets>,
    pub sessions: Arc<dyn Sessions>,
    pub set_up_links: Arc<dyn SetUpLinks>,
    pub signing_keys: Arc<dyn SigningKeys>,
    pub users: Arc<dyn Users>,
    /// What has to live as long as the stores: a temporary folder.
    pub keep: Arc<dyn Any + Send + Sync>,
}

impl Stores {
    /// The ports of an adapter that implements them all.
    #[must_use]
    pub fn of<S>(store: &Arc<S>, keep: impl Any + Send + Sync) -> Self
    where
        S: Attempts
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
            initial_access_tokens: store.clone(),
            interactions: store.clone(),
            logout_notices: store.clone(),
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
            users: store.clone(),
            keep: Arc::new(keep),
        }
    }

    /// These, with the short-lived ports of another adapter.
    #[must_use]
    pub fn with_short_lived<S>(self, store: &Arc<S>) -> Self
    where
        S: Attempts
            + AuthorizationCodes
            + DeviceCodes
            + Interactions
            + PushedRequests
            + Readiness
            + ReplayMarks
            + 'static,
    {
        Self {
            attempts: store.clone(),
            authorization_codes: store.clone(),
            device_codes: store.clone(),
            interactions: store.clone(),
            pushed_requests: store.clone(),
            readiness: store.clone(),
            replay_marks: store.clone(),
            ..self
        }
    }
}
