//! Which users have access to which application.

use std::sync::Arc;

use domain::{Client, UserId};

use crate::context::Context;
use crate::error::Error;
use crate::port::Groups;

/// The description of `access_denied` for a user without access.
pub(crate) const NO_ACCESS: &str = "the user has no access to the application";

/// Judges whether users may enter clients.
pub struct Entry {
    /// The memberships of users.
    pub groups: Arc<dyn Groups>,
    /// The setting for clients without `allowed_groups`: open to all users or to none.
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
