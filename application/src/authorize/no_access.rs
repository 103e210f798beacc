//! The page for a user who has no access to the client that sent the request.

use domain::refusal::GrantCause;
use domain::{Client, ErrorCode, Quoted, Session, User};

use crate::browser::OpenInteraction;
use crate::error::Refusal;
use crate::users::groups::NO_ACCESS;

/// The content of the page. Its form can only refuse the request.
#[derive(Debug)]
pub struct NoAccessView {
    /// The interaction of the page.
    pub open: OpenInteraction,
    /// The token of its form, for the user of this session only.
    pub form_token: String,
    /// The client that they may not enter.
    pub client: Client,
    /// The host that the refusal goes to; none for a device.
    pub host: Option<String>,
    /// The name of the signed-in user.
    pub account: String,
}

impl NoAccessView {
    pub(crate) fn new(
        open: OpenInteraction,
        (client, host): (Client, Option<String>),
        session: &Session,
        user: &User,
    ) -> Self {
        tracing::info!(client = %client.id, user = %user.id, "the user may not enter the client");
        Self {
            form_token: open.session_form_token(session),
            open,
            client,
            host,
            account: user.username.as_str().to_owned(),
        }
    }
}

/// The refusal of a valid request. For a user without access, the log says which groups have access.
pub(super) fn refusal(code: ErrorCode, description: &'static str, client: &Client) -> Refusal {
    let refusal = Refusal::new(code, description);
    match (description, &client.allowed_groups) {
        (NO_ACCESS, Some(groups)) if !groups.is_empty() => {
            let groups = groups.iter().map(|group| Quoted::new(group.as_str())).collect();
            refusal.because(GrantCause::NoAccess { groups })
        }
        (NO_ACCESS, _) => refusal.because(GrantCause::NobodyMayEnter),
        _ => refusal,
    }
}
