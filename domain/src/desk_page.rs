//! The pages of people who are signed in: those of their account, and those of administrators.

use serde::{Deserialize, Serialize};

use crate::{AccountPage, AdminPage};

/// A page of a person who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskPage {
    /// Of their own account.
    Account(AccountPage),
    /// Of the administration of the server.
    Admin(AdminPage),
}

impl DeskPage {
    /// Its path, below the issuer's path.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Account(page) => page.path().to_owned(),
            Self::Admin(page) => page.path(),
        }
    }

    /// Whether its person must have signed in shortly before, to open it, or to change something on it.
    #[must_use]
    pub const fn needs_fresh_sign_in(&self, is_change: bool) -> bool {
        match self {
            Self::Account(page) => page.is_sensitive(),
            Self::Admin(page) => is_change || page.is_sensitive(),
        }
    }
}

impl From<AccountPage> for DeskPage {
    fn from(page: AccountPage) -> Self {
        Self::Account(page)
    }
}

impl From<AdminPage> for DeskPage {
    fn from(page: AdminPage) -> Self {
        Self::Admin(page)
    }
}
