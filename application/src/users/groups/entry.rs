//! Who may enter which application.

use std::sync::Arc;

use domain::{Client, UserId};

use crate::context::Context;
use crate::error::Error;
use crate::port::Groups;

/// What a client is told of a user who may not enter.
pub(crate) const NO_ACCESS: &str = "the user has no access to the application";

/// Judges whether users may enter clients.
pub struct Entry {
    /// Who is in which group.
    pub groups: Arc<dyn Groups>,
    /// Whether a client that names no groups lets everybody enter, or nobody.
    pub context: Context,
}

impl Entry {
    /// Whether `client` lets this user enter. Only a client that names groups costs a look-up.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub(crate) async fn admits(&self, user: UserId, client: &Client) -> Result<bool, Error> {
        if !self.context.settings.lets_users_enter(client) {
            return Ok(false);
        }
        match client.allowed_groups {
            Some(_) => Ok(self.groups.admits(user, &client.id).await?),
            None => Ok(true),
        }
    }
}
