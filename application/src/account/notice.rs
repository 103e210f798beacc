//! What a page says once after a form has done its work. It travels sealed in a cookie, so that no link can make a page say it.

use domain::{DeskPage, Session, SessionId};
use serde::{Deserialize, Serialize};

use super::OwnAccount;
use crate::error::Error;

/// The purpose that a notice is sealed for.
const NOTICE: &str = "notice of the account";

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// The person is signed out on one device.
    SignedOut,
    /// The person is signed out on so many other devices.
    SignedOutElsewhere(u64),
    /// The application with this name no longer has access.
    Withdrawn(String),
    /// The person has a new password.
    PasswordChanged,
    /// The person has a passkey with this name.
    PasskeyAdded(String),
    /// A passkey of the person is gone.
    PasskeyRemoved,
    /// What was typed is saved.
    Saved,
    /// A link is on its way to this e-mail address.
    LinkSent(String),
    /// The person, group or application with this name is created.
    Created(String),
    /// The person, group or application with this name is deleted.
    Deleted(String),
    /// The person or application with this name is disabled.
    Disabled(String),
    /// The person or application with this name is enabled again.
    Enabled(String),
    /// The person with this name can try to sign in again.
    Unlocked(String),
    /// The person with this name has no second factor any more.
    FactorsRemoved(String),
    /// The person with this name is signed out everywhere.
    SignedOutEverywhere(String),
    /// The person with this name is in the group from now on.
    MemberAdded(String),
    /// The person with this name is in the group no longer.
    MemberRemoved(String),
    /// The registration token is revoked.
    TokenRevoked,
    /// The next signing keys sign from now on.
    KeysRotated,
}

#[derive(Serialize, Deserialize)]
struct Message {
    session: SessionId,
    page: DeskPage,
    notice: Notice,
}

impl OwnAccount {
    /// The notice for the next visit of this page in this session.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the library cannot encrypt.
    pub fn seal_notice(&self, session: &Session, page: &DeskPage, notice: Notice) -> Result<String, Error> {
        self.sealed.seal(NOTICE, &Message { session: session.id, page: page.clone(), notice }, 0)
    }

    /// The notice that was sealed for this page and session; none for anything else.
    #[must_use]
    pub fn open_notice(&self, session: &Session, page: &DeskPage, sealed: &str) -> Option<Notice> {
        let message: Message = self.sealed.open(NOTICE, sealed).ok().flatten()?;
        (message.session == session.id && message.page == *page).then_some(message.notice)
    }
}
