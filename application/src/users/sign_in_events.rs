//! The sign-in history, which an operator can read.

use chrono::{DateTime, Utc};
use domain::{ClientId, SignInEvent, SignInEventId, UserId};
use serde::Serialize;

use super::administration::UserAdministration;
use super::error::UserAdministrationError;
use crate::error::Error;
use crate::port::SignInFilter;

/// An event, as the administrative API and the command line show it.
#[derive(Debug, Serialize)]
pub struct SignInDocument<'a> {
    /// The id, by which the next page is found.
    pub id: SignInEventId,
    at: DateTime<Utc>,
    user: UserId,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<&'a ClientId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<DateTime<Utc>>,
}

impl<'a> From<&'a SignInEvent> for SignInDocument<'a> {
    fn from(event: &'a SignInEvent) -> Self {
        Self {
            id: event.id,
            at: event.at(),
            user: event.user,
            kind: event.kind.as_str(),
            client: event.client.as_ref(),
            address: event.address.as_deref(),
            user_agent: event.user_agent.as_ref().map(|agent| agent.as_str()),
            until: event.until,
        }
    }
}

impl UserAdministration {
    /// Lists up to `limit` events that meet the filter, the latest first. With `before`, only the events with a smaller id.
    ///
    /// # Errors
    /// [`UserAdministrationError::Unknown`] if the filter names a user that does not exist.
    pub async fn list_events(
        &self,
        filter: &SignInFilter,
        before: Option<SignInEventId>,
        limit: u32,
    ) -> Result<Vec<SignInEvent>, UserAdministrationError> {
        if let Some(user) = filter.user {
            self.find(user).await?;
        }
        Ok(self.events.latest(filter, before, limit).await.map_err(Error::from)?)
    }
}
