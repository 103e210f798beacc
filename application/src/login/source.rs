//! Where a user name and a password come from.

use domain::{Caller, ClientId, Secret};

/// What the log calls the password grant.
pub(crate) const PASSWORD_GRANT: &str = "password_grant";

/// Where a user name and a password come from.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// The login page.
    Browser {
        /// The browser.
        caller: &'a Caller,
        /// Its device cookie, if it sent one.
        device: Option<&'a Secret>,
        /// The client that sent the user here, if it is known.
        client: Option<&'a ClientId>,
    },
    /// An application, by the password grant.
    Application {
        /// The application.
        caller: &'a Caller,
        /// Its id. It has authenticated.
        client: &'a ClientId,
    },
}

impl<'a> Source<'a> {
    /// Who sent the request.
    pub(super) const fn caller(self) -> &'a Caller {
        match self {
            Self::Browser { caller, .. } | Self::Application { caller, .. } => caller,
        }
    }

    /// The client that the user signs in for.
    pub(super) const fn client(self) -> Option<&'a ClientId> {
        match self {
            Self::Browser { client, .. } => client,
            Self::Application { client, .. } => Some(client),
        }
    }

    /// For the log and the metrics: an application is not to be banned for what its users type.
    pub(super) const fn through(self) -> &'static str {
        match self {
            Self::Browser { .. } => "login_page",
            Self::Application { .. } => PASSWORD_GRANT,
        }
    }
}
