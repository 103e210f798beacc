//! The link on an error page back to the application, at an address that an operator registered.

use domain::{Client, ClientId};

use super::Login;
use crate::browser::Browser;

/// How the client that sent the user is known.
#[derive(Debug, Clone, Copy)]
pub enum CameFrom<'a> {
    /// The `client_id` of the request, which may be a false claim.
    Client(&'a str),
    /// The interaction of the page, in this browser.
    Interaction(&'a str, &'a Browser),
}

impl Login {
    /// The client and the address of its home in this language. None if the client is not known, if no operator registered it, or if a
    /// store is unavailable: then the page has no link.
    pub async fn way_back(&self, came_from: &CameFrom<'_>, language: &str) -> Option<(Client, String)> {
        let id = self.client_of(came_from)?;
        let client = self.clients.find(&id).await.ok()??;
        let home = client.home(language)?;
        Some((client, home))
    }

    /// The client that sent the user here, as far as that is known. It may be a false claim.
    #[must_use]
    pub fn client_of(&self, came_from: &CameFrom<'_>) -> Option<ClientId> {
        match came_from {
            CameFrom::Client(id) => id.parse().ok(),
            CameFrom::Interaction(token, browser) => self.interactions.client_of(token, browser),
        }
    }
}
