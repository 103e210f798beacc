//! The page for a user who has no access to the client that sent the request.

use domain::{Client, Session, User};

use crate::browser::OpenInteraction;

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
