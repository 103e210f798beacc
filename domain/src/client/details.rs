//! What a registration says about the software and those who run it (RFC 7591 §2, OpenID Connect Dynamic Registration §2).

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Members that change nothing but what people see, and the rules of redirect URIs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ClientDetails {
    /// `application_type`.
    pub application_type: ApplicationType,
    /// `contacts`.
    pub contacts: Vec<String>,
    /// `client_uri`.
    pub client_uri: Option<String>,
    /// `initiate_login_uri` (OpenID Connect Core §4).
    pub initiate_login_uri: Option<String>,
    /// `software_id`: the same for all clients that are this software.
    pub software_id: Option<String>,
    /// `software_version`.
    pub software_version: Option<String>,
    /// Names and links with a language tag, under their names on the wire, such as `client_name#ja`.
    pub localized: BTreeMap<String, String>,
}

/// `application_type` (OpenID Connect Dynamic Registration §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationType {
    /// Runs on a server or in a browser.
    #[default]
    Web,
    /// Installed on its user's device.
    Native,
}

/// The text names no application type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be web or native")]
pub struct UnknownApplicationType;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_application_is_for_the_web_or_native() {
        for (kind, name) in [(ApplicationType::Web, "web"), (ApplicationType::Native, "native")] {
            assert_eq!((kind.as_str(), name.parse()), (name, Ok(kind)));
            assert_eq!(serde_json::to_value(kind).unwrap(), name);
        }
        for text in ["Web", "browser", ""] {
            assert_eq!(text.parse::<ApplicationType>(), Err(UnknownApplicationType), "{text}");
        }
    }
}
