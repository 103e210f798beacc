//! A valid request that has no answer yet.

use chrono::{DateTime, Utc};
use domain::{AuthorizationRequest, Client};

use crate::browser::OpenInteraction;

/// A valid request, its client, and where it waits.
pub(super) struct PendingRequest {
    pub(super) client: Client,
    pub(super) request: AuthorizationRequest,
    /// The interaction in which it waits; none for a request that has just arrived.
    pub(super) interaction: Option<OpenInteraction>,
}

impl PendingRequest {
    /// Since when it waits in an interaction.
    pub(super) fn waiting_since(&self) -> Option<DateTime<Utc>> {
        self.interaction.as_ref().map(|open| open.created_at)
    }
}
