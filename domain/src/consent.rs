//! What a user agreed to, remembered.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{ClientId, Scope, UserId};

/// A user's standing agreement with one client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Who agreed.
    pub user: UserId,
    /// With whom.
    pub client: ClientId,
    /// To what, over all times they were asked.
    pub scope: Scope,
    /// When they last agreed.
    pub granted_at: DateTime<Utc>,
}

impl Consent {
    /// Whether everything in `requested` was agreed to before.
    #[must_use]
    pub fn covers(&self, requested: &Scope) -> bool {
        requested.is_subset_of(&self.scope)
    }
}
