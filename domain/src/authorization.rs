//! One completed authorization: who let which client do what, and from which session.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::scope::OFFLINE_ACCESS;
use crate::{AuthorizationId, ClientId, ResourceIdentifier, Scope, SessionId, UserId};

/// What a user granted once. Every access and refresh token of that grant names it,
/// so revoking it revokes them all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorization {
    /// Fixed before the first token exists: a second redemption cannot make a second one.
    pub id: AuthorizationId,
    /// To whom.
    pub client: ClientId,
    /// By whom.
    pub user: UserId,
    /// The session it ends with, unless it is [offline](Self::is_offline). None for grants without a browser.
    pub session: Option<SessionId>,
    /// The `sid` of that session, for ID tokens and logout.
    pub sid: Option<String>,
    /// What was granted.
    pub scope: Scope,
    /// At which resources; none for the client's default audience (RFC 8707 §2.1).
    #[serde(default)]
    pub resources: BTreeSet<ResourceIdentifier>,
    /// When the user had authenticated.
    pub auth_time: DateTime<Utc>,
    /// In which context.
    pub acr: Option<String>,
    /// By which methods.
    pub amr: Vec<String>,
    /// When it was granted.
    pub created_at: DateTime<Utc>,
    /// By when everything issued from it has expired; then it may be forgotten.
    pub expires_at: DateTime<Utc>,
}

impl Authorization {
    /// Whether it survives the end of its session (OpenID Connect Core §11).
    #[must_use]
    pub fn is_offline(&self) -> bool {
        self.scope.contains(OFFLINE_ACCESS)
    }
}
