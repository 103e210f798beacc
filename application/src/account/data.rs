//! Everything that is kept of a person, for them to take away; and the deletion of their account.

use chrono::{DateTime, Utc};
use domain::{ClientId, GroupName};
use serde::Serialize;
use serde_json::Value;

use super::{OwnAccount, author, unexpected};
use crate::error::{Error, broken_key};
use crate::port::SignedIn;
use crate::users::factors::PasskeyDocument;
use crate::users::{Account, ClientAccess, SignInDocument, UserAdministrationError};

/// How many items one query reads.
const PAGE_SIZE: u32 = 500;
/// The most items of one kind. The store keeps fewer of a person.
const MAX_ITEMS: usize = 10_000;

#[derive(Serialize)]
struct Document<'a> {
    account: Account<'a>,
    groups: Vec<GroupName>,
    passkeys: Vec<PasskeyDocument>,
    sessions: Vec<SessionPart>,
    applications: Vec<ApplicationPart>,
    activity: Vec<SignInDocument<'a>>,
}

#[derive(Serialize)]
struct SessionPart {
    signed_in_at: DateTime<Utc>,
    address: Option<String>,
    user_agent: Option<String>,
}

#[derive(Serialize)]
struct ApplicationPart {
    client: ClientId,
    name: Option<String>,
    scope: String,
    claims: Vec<String>,
    resources: Vec<String>,
    consented_at: Option<DateTime<Utc>>,
    granted_at: Option<DateTime<Utc>>,
}

/// Why an account is not deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusedDeletion {
    /// The typed user name is another one.
    AnotherName,
    /// The person is the last administrator who can sign in.
    LastAdministrator,
}

impl From<&ClientAccess> for ApplicationPart {
    fn from(access: &ClientAccess) -> Self {
        Self {
            client: access.client.clone(),
            name: access.registered.as_ref().and_then(|client| client.name.clone()),
            scope: access.scope().to_string(),
            claims: access.claims().into_iter().map(str::to_owned).collect(),
            resources: access.resources().into_iter().map(ToString::to_string).collect(),
            consented_at: access.consent.as_ref().map(|consent| consent.granted_at),
            granted_at: access.live.as_ref().map(|live| live.since),
        }
    }
}

impl OwnAccount {
    /// Everything that is kept of the person, without secrets.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn data(&self, visitor: &SignedIn) -> Result<Value, Error> {
        let user = &visitor.user;
        let groups = self.entry.groups.of_user(user.id).await?;
        let passkeys = self.factors.passkeys.list(user.id).await?;
        let devices = self.devices(visitor).await?;
        let mut applications = Vec::new();
        loop {
            let after = applications.last().map(|part: &ApplicationPart| part.client.clone());
            let page = self.connections(visitor, after.as_ref(), PAGE_SIZE).await?;
            applications.extend(page.iter().map(ApplicationPart::from));
            if page.len() < PAGE_SIZE as usize || applications.len() >= MAX_ITEMS {
                break;
            }
        }
        let mut events = Vec::new();
        loop {
            let before = events.last().map(|event: &domain::SignInEvent| event.id);
            let page = self.activity(visitor, before, PAGE_SIZE).await?;
            let is_last = page.len() < PAGE_SIZE as usize;
            events.extend(page);
            if is_last || events.len() >= MAX_ITEMS {
                break;
            }
        }
        let session = |device: super::Device| SessionPart {
            signed_in_at: device.signed_in_at,
            address: device.address,
            user_agent: device.user_agent.map(|agent| agent.as_str().to_owned()),
        };
        let document = Document {
            account: Account::from(user),
            groups: groups.into_iter().map(|group| group.name).collect(),
            passkeys: passkeys.iter().map(PasskeyDocument::from).collect(),
            sessions: devices.into_iter().map(session).collect(),
            applications,
            activity: events.iter().map(SignInDocument::from).collect(),
        };
        serde_json::to_value(&document).map_err(|error| broken_key(&error))
    }

    /// Whether people may delete their account.
    #[must_use]
    pub fn may_be_deleted(&self) -> bool {
        self.context.settings.account_deletion
    }

    /// Deletes the account of the person, who has typed their user name, for a request from `address`. Nothing is deleted where people may
    /// not delete their account.
    ///
    /// The outer result is a failure of the server; the inner one says why the account stays.
    ///
    /// # Errors
    /// `invalid_request` where it is not allowed; [`Error::Unavailable`].
    pub async fn delete(
        &self,
        visitor: &SignedIn,
        typed: &str,
        address: &str,
    ) -> Result<Result<(), RefusedDeletion>, Error> {
        let user = &visitor.user;
        if !self.may_be_deleted() {
            let refused =
                crate::error::Refusal::invalid_request("accounts are deleted by an administrator here");
            return Err(refused.into());
        }
        if typed.trim() != user.username.as_str() {
            return Ok(Err(RefusedDeletion::AnotherName));
        }
        let deleted = self.users.delete(user.id, author(user, address)).await;
        self.sessions.logout_signal.send();
        match deleted {
            Ok(()) | Err(UserAdministrationError::Unknown) => Ok(Ok(())),
            Err(UserAdministrationError::LastAdministrator) => Ok(Err(RefusedDeletion::LastAdministrator)),
            Err(error) => Err(unexpected(error)),
        }
    }
}
