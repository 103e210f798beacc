//! The pages on which people mind their own account.

use serde::{Deserialize, Serialize};

/// A page below `/account`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountPage {
    /// The authenticator app.
    App,
    /// The recovery codes.
    Codes,
}

impl AccountPage {
    /// Its path, below the issuer's path.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::App => "/account/security/app",
            Self::Codes => "/account/security/codes",
        }
    }
}
