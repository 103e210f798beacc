//! The applications that a person may enter.

use domain::{Client, ClientId};

use super::OwnAccount;
use crate::error::Error;
use crate::port::SignedIn;

/// The most applications that the page shows.
pub const MAX_APPLICATIONS: usize = 200;
/// How many clients one query reads.
const PAGE_SIZE: u32 = 200;
/// The most queries for one page.
const MAX_PAGES: usize = 10;

impl OwnAccount {
    /// The applications that the person may enter and that have a page to start at, in the order of their ids. One that registered
    /// itself is among them only if an operator vouches for it: its name and its address are its own words.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn applications(&self, visitor: &SignedIn) -> Result<Vec<Client>, Error> {
        let settings = &self.context.settings;
        let mut shown = Vec::new();
        let mut after: Option<ClientId> = None;
        for _ in 0..MAX_PAGES {
            let page = self.clients.list_for_user(visitor.user.id, after.as_ref(), PAGE_SIZE).await?;
            let is_last = page.len() < PAGE_SIZE as usize;
            after = page.last().map(|client| client.id.clone());
            let is_shown = |client: &Client| {
                client.is_vetted() && settings.lets_users_enter(client) && client.has_start_page()
            };
            shown.extend(page.into_iter().filter(is_shown));
            if is_last || shown.len() >= MAX_APPLICATIONS {
                break;
            }
        }
        shown.truncate(MAX_APPLICATIONS);
        Ok(shown)
    }
}
