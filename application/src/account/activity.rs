//! The sign-in history of a person.

use domain::{SignInEvent, SignInEventId};

use super::{OwnAccount, unexpected};
use crate::error::Error;
use crate::port::{SignInFilter, SignedIn};

impl OwnAccount {
    /// Up to `limit` events of the person, the latest first. With `before`, only the events with a smaller id.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn activity(
        &self,
        visitor: &SignedIn,
        before: Option<SignInEventId>,
        limit: u32,
    ) -> Result<Vec<SignInEvent>, Error> {
        let filter = SignInFilter { user: Some(visitor.user.id), ..SignInFilter::default() };
        self.users.list_events(&filter, before, limit).await.map_err(unexpected)
    }
}
