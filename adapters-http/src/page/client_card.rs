//! A client's name and links, as users see them (RFC 7591 §2: `client_name`, `logo_uri`, `policy_uri`, `tos_uri`).

use domain::ClientId;

use super::link;

/// A client on a page. Only [`host`](Self::host) is verified: the client chose the rest itself.
#[derive(Clone, Debug)]
pub struct ClientCard {
    /// The name to show: `client_name`, or the client's id where none is registered.
    pub name: String,
    /// The host of the registered redirect URI in use, where it has one; for a device that of all redirect URIs.
    pub host: Option<String>,
    /// Whether it registered itself and no operator has verified it.
    pub is_unverified: bool,
    /// The path of the logo on this server, where a `logo_uri` is registered.
    pub logo: Option<String>,
    /// The registered `policy_uri`.
    pub policy_uri: Option<String>,
    /// The registered `tos_uri`.
    pub tos_uri: Option<String>,
}

impl ClientCard {
    /// A client that is registered no longer.
    pub(crate) fn unknown(id: &ClientId) -> Self {
        Self {
            name: id.to_string(),
            host: None,
            is_unverified: false,
            logo: None,
            policy_uri: None,
            tos_uri: None,
        }
    }

    pub(super) fn policy(&self) -> Option<&str> {
        self.policy_uri.as_deref().and_then(link::admitted)
    }

    pub(super) fn terms(&self) -> Option<&str> {
        self.tos_uri.as_deref().and_then(link::admitted)
    }

    /// The letter that is shown if there is no logo; empty if the name has no letter or digit.
    pub(super) fn initial(&self) -> String {
        let first = self.name.chars().find(|character| character.is_alphanumeric());
        first.into_iter().flat_map(char::to_uppercase).collect()
    }
}
