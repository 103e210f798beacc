//! The pages on which people mind their own account.

use serde::{Deserialize, Serialize};

/// A page below `/account`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountPage {
    /// The applications that the person may enter.
    Applications,
    /// Name, e-mail address, language and time zone.
    Profile,
    /// Another e-mail address.
    Email,
    /// The ways to sign in.
    Security,
    /// The passkeys.
    Passkeys,
    /// A new password.
    Password,
    /// The authenticator app.
    App,
    /// The recovery codes.
    Codes,
    /// Where the person is signed in.
    Devices,
    /// What the person allowed to applications.
    Connections,
    /// The sign-in history.
    Activity,
    /// What is kept of the person.
    Data,
    /// The deletion of the account.
    Delete,
}

impl AccountPage {
    /// Every page.
    pub const ALL: [Self; 13] = [
        Self::Applications,
        Self::Profile,
        Self::Email,
        Self::Security,
        Self::Passkeys,
        Self::Password,
        Self::App,
        Self::Codes,
        Self::Devices,
        Self::Connections,
        Self::Activity,
        Self::Data,
        Self::Delete,
    ];

    /// Its path, below the issuer's path.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Applications => "/account",
            Self::Profile => "/account/profile",
            Self::Email => "/account/profile/email",
            Self::Security => "/account/security",
            Self::Passkeys => "/account/security/passkeys",
            Self::Password => "/account/security/password",
            Self::App => "/account/security/app",
            Self::Codes => "/account/security/codes",
            Self::Devices => "/account/devices",
            Self::Connections => "/account/connections",
            Self::Activity => "/account/activity",
            Self::Data => "/account/data",
            Self::Delete => "/account/data/delete",
        }
    }

    /// The page that it is reached from; itself, for a page of the navigation.
    #[must_use]
    pub const fn section(self) -> Self {
        match self {
            Self::Passkeys | Self::Password | Self::App | Self::Codes => Self::Security,
            Self::Email => Self::Profile,
            Self::Delete => Self::Data,
            Self::Applications
            | Self::Profile
            | Self::Security
            | Self::Devices
            | Self::Connections
            | Self::Activity
            | Self::Data => self,
        }
    }

    /// Whether a visitor there could take the account or its data from its person: it is opened only shortly after its person has signed in.
    #[must_use]
    pub const fn is_sensitive(self) -> bool {
        match self {
            Self::Passkeys
            | Self::Password
            | Self::App
            | Self::Codes
            | Self::Email
            | Self::Data
            | Self::Delete => true,
            Self::Applications
            | Self::Profile
            | Self::Security
            | Self::Devices
            | Self::Connections
            | Self::Activity => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_page_has_a_path_of_its_own_below_the_account() {
        let paths: BTreeSet<_> = AccountPage::ALL.into_iter().map(AccountPage::path).collect();
        assert_eq!(paths.len(), AccountPage::ALL.len());
        assert!(paths.iter().all(|path| *path == "/account" || path.starts_with("/account/")));
    }
}
