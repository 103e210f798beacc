//! A valid request that has no answer yet.

use domain::{AuthorizationRequest, Client, Session};

use crate::browser::OpenInteraction;

/// A valid request, its client, and where it waits.
pub(super) struct PendingRequest {
    pub(super) client: Client,
    pub(super) request: AuthorizationRequest,
    /// The interaction in which it waits; none for a request that has just arrived.
    pub(super) interaction: Option<OpenInteraction>,
}

impl PendingRequest {
    /// Whether the user signed in to this session for this request.
    pub(super) fn has_own_login_in(&self, session: &Session) -> bool {
        let own_login = self.interaction.as_ref().and_then(|open| open.own_login);
        own_login.is_some_and(|login| login.is_in(session))
    }
}
