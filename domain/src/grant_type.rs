//! Grant types (RFC 6749 §1.3 and its extensions).
//!
//! To add a grant, add its line to the list below. The compiler then asks for every decision that depends on the grant:
//! each is a `match` in this file.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Makes the enum, the list of all grants and their names of one list, so that none can be missing in another.
macro_rules! grant_types {
    ($($(#[$doc:meta])* $grant:ident = $name:literal,)+) => {
        /// A `grant_type` this server knows, switched on or not.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "&'static str")]
        pub enum GrantType {
            $($(#[$doc])* $grant,)+
        }

        impl GrantType {
            /// Every grant type there is.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$grant),+];

            /// The value of `grant_type` on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$grant => $name,)+
                }
            }
        }
    };
}

grant_types! {
    /// RFC 6749 §4.1.
    AuthorizationCode = "authorization_code",
    /// RFC 6749 §4.4.
    ClientCredentials = "client_credentials",
    /// RFC 6749 §6.
    RefreshToken = "refresh_token",
    /// RFC 8628 §3.4.
    DeviceCode = "urn:ietf:params:oauth:grant-type:device_code",
    /// RFC 6749 §4.3.
    Password = "password",
}

/// The text names no grant type of this server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a grant type of this server")]
pub struct UnknownGrantType;

impl GrantType {
    /// Whether a client that registers itself gets it only if an operator allowed it. With client credentials and with
    /// passwords a client acts without a user who consents. With a device code the user consents without seeing who asked:
    /// no redirect URI proves a host (RFC 8628 §5.4).
    #[must_use]
    pub const fn needs_permission(self) -> bool {
        match self {
            Self::ClientCredentials | Self::Password | Self::DeviceCode => true,
            Self::AuthorizationCode | Self::RefreshToken => false,
        }
    }

    /// Whether a public client cannot use it: any application could act as that client, for itself or to collect
    /// passwords.
    #[must_use]
    pub const fn needs_confidential_client(self) -> bool {
        match self {
            Self::ClientCredentials | Self::Password => true,
            Self::AuthorizationCode | Self::DeviceCode | Self::RefreshToken => false,
        }
    }

    /// Whether it answers to a redirect URI of the client.
    #[must_use]
    pub const fn needs_redirect_uri(self) -> bool {
        match self {
            Self::AuthorizationCode => true,
            Self::ClientCredentials | Self::RefreshToken | Self::DeviceCode | Self::Password => false,
        }
    }

    /// Whether the client learns a user's subject identifier without a redirect URI. A client that registered itself
    /// must not have such a grant if it shares pairwise subject identifiers with a host.
    #[must_use]
    pub const fn names_user_without_redirect_uri(self) -> bool {
        match self {
            Self::DeviceCode | Self::Password => true,
            // A refresh token names the user that its first grant named; client credentials name none.
            Self::AuthorizationCode | Self::ClientCredentials | Self::RefreshToken => false,
        }
    }

    /// Whether a user decides on a page of this server what the client gets.
    #[must_use]
    pub const fn asks_user(self) -> bool {
        match self {
            Self::AuthorizationCode | Self::DeviceCode => true,
            Self::ClientCredentials | Self::RefreshToken | Self::Password => false,
        }
    }

    /// Whether it renews the authorization of another grant, so that a client cannot use it alone.
    #[must_use]
    pub const fn continues_another(self) -> bool {
        match self {
            Self::RefreshToken => true,
            Self::AuthorizationCode | Self::ClientCredentials | Self::DeviceCode | Self::Password => false,
        }
    }
}

impl FromStr for GrantType {
    type Err = UnknownGrantType;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|grant| grant.as_str() == text).ok_or(UnknownGrantType)
    }
}

impl TryFrom<String> for GrantType {
    type Error = UnknownGrantType;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<GrantType> for &'static str {
    fn from(grant: GrantType) -> Self {
        grant.as_str()
    }
}

impl fmt::Display for GrantType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_grant_type_is_known_by_its_registered_name() {
        let names = [
            "authorization_code",
            "client_credentials",
            "refresh_token",
            "urn:ietf:params:oauth:grant-type:device_code",
            "password",
        ];
        assert_eq!(GrantType::ALL.map(GrantType::as_str), names);
        for name in names {
            let grant: GrantType = name.parse().unwrap();
            assert_eq!((grant.as_str(), grant.to_string().as_str()), (name, name));
            assert_eq!(serde_json::to_value(grant).unwrap(), name);
            assert_eq!(serde_json::from_value::<GrantType>(name.into()).unwrap(), grant);
        }
        for text in ["implicit", "device_code", "Password", ""] {
            assert_eq!(text.parse::<GrantType>(), Err(UnknownGrantType), "{text}");
            assert!(serde_json::from_value::<GrantType>(text.into()).is_err(), "{text}");
        }
    }

    #[test]
    fn what_a_grant_needs_follows_from_who_takes_part_in_it() {
        use GrantType::{AuthorizationCode, ClientCredentials, DeviceCode, Password, RefreshToken};
        let with = |rule: fn(GrantType) -> bool| -> Vec<GrantType> {
            GrantType::ALL.into_iter().filter(|grant| rule(*grant)).collect()
        };
        let without_consent = [ClientCredentials, Password];
        assert_eq!(with(GrantType::needs_permission), [ClientCredentials, DeviceCode, Password]);
        assert_eq!(with(GrantType::needs_confidential_client), without_consent, "RFC 6749 §4.4");
        assert_eq!(with(GrantType::needs_redirect_uri), [AuthorizationCode], "RFC 6749 §3.1.2");
        assert_eq!(with(GrantType::asks_user), [AuthorizationCode, DeviceCode], "on pages of this server");
        assert_eq!(with(GrantType::names_user_without_redirect_uri), [DeviceCode, Password]);
        assert_eq!(with(GrantType::continues_another), [RefreshToken], "RFC 6749 §6");
    }
}
