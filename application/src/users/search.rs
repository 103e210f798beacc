//! Looking for users by the beginning of a name, with what a list shows of them.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::{SignInKind, SignInName, User};

use super::administration::UserAdministration;
use super::error::UserAdministrationError;
use crate::error::Error;
use crate::port::{SignInFilter, UserFilter};

/// A user in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundUser {
    /// The user.
    pub user: User,
    /// When the user last signed in, if that is in the history.
    pub signed_in_at: Option<DateTime<Utc>>,
}

impl UserAdministration {
    /// Up to `limit` users who meet the filter, in the order of the names by which they are [found](UserFilter::found_by), from the
    /// one after `after` on.
    ///
    /// # Errors
    /// [`UserAdministrationError::Failed`] only.
    pub async fn search(
        &self,
        filter: &UserFilter,
        after: Option<&SignInName>,
        limit: u32,
    ) -> Result<Vec<FoundUser>, UserAdministrationError> {
        let users = self.users.search(filter, after, limit).await.map_err(Error::from)?;
        let mut found = Vec::with_capacity(users.len());
        for user in users {
            let kinds = BTreeSet::from([SignInKind::SignedIn]);
            let of_user = SignInFilter { user: Some(user.id), kinds, ..SignInFilter::default() };
            let last = self.events.latest(&of_user, None, 1).await.map_err(Error::from)?;
            found.push(FoundUser { user, signed_in_at: last.first().map(domain::SignInEvent::at) });
        }
        Ok(found)
    }
}
