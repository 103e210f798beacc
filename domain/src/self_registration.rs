//! What this server keeps of a client that registered itself (RFC 7591, RFC 7592), beside its registration.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Digest, GrantType, Scope};

/// A client's own registration: the token that manages it, its limits, and members that operators do not register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfRegistration {
    /// Its registration access token (RFC 7592 §3).
    pub token: Digest,
    /// What it may register for itself, now and at every update.
    pub limits: RegistrationLimits,
    /// `application_type`.
    pub application_type: ApplicationType,
    /// `contacts`.
    pub contacts: Vec<String>,
    /// `client_uri`.
    pub client_uri: Option<String>,
    /// `initiate_login_uri` (OpenID Connect Core §4).
    pub initiate_login_uri: Option<String>,
}

/// What an initial access token changes about what a client may register for itself (RFC 7591 §3).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationLimits {
    /// What it may ask for, in place of what every self-registered client may ask for.
    pub scope: Option<Scope>,
    /// Grant types that a client gets only because an operator allowed them.
    pub grant_types: BTreeSet<GrantType>,
}

/// `application_type` (OpenID Connect Dynamic Registration §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationType {
    /// Runs on a server or in a browser.
    Web,
    /// Installed on its user's device.
    Native,
}

/// The text names no application type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be web or native")]
pub struct UnknownApplicationType;

impl SelfRegistration {
    /// The registration of a client under these limits, with nothing in it yet.
    #[must_use]
    pub const fn new(token: Digest, limits: RegistrationLimits) -> Self {
        Self {
            token,
            limits,
            application_type: ApplicationType::Web,
            contacts: Vec::new(),
            client_uri: None,
            initiate_login_uri: None,
        }
    }
}

impl RegistrationLimits {
    /// Whether a client within these limits may register `grant`.
    #[must_use]
    pub fn admit(&self, grant: GrantType) -> bool {
        !grant.needs_permission() || self.grant_types.contains(&grant)
    }
}

impl ApplicationType {
    /// The value on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Native => "native",
        }
    }
}

impl FromStr for ApplicationType {
    type Err = UnknownApplicationType;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Web, Self::Native].into_iter().find(|kind| kind.as_str() == text).ok_or(UnknownApplicationType)
    }
}

impl fmt::Display for ApplicationType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_grant_that_was_allowed_is_admitted_beyond_those_of_users() {
        let nobody = RegistrationLimits::default();
        assert!(nobody.admit(GrantType::AuthorizationCode) && nobody.admit(GrantType::RefreshToken));
        assert!(!nobody.admit(GrantType::ClientCredentials));
        let allowed = RegistrationLimits { grant_types: [GrantType::ClientCredentials].into(), ..nobody };
        assert!(allowed.admit(GrantType::ClientCredentials));
    }
}
