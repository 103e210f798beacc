//! Resource servers and their identifiers (RFC 8707 §2, RFC 9728 §1.2).

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::issuer::is_this_machine;
use crate::{ClientId, Scope};

/// The maximum length of an identifier in bytes.
const MAX_LENGTH: usize = 2048;

/// The identifier of a protected resource: an https URL (http for this machine only) without fragment, kept and
/// compared as the exact text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ResourceIdentifier(String);

/// Why a text is not a resource identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidResourceIdentifier {
    /// Not an absolute URL with a host, or too long.
    #[error("a resource identifier must be an https URL, such as https://api.example.com/v1")]
    NotUrl,
    /// Has a fragment (RFC 8707 §2).
    #[error("a resource identifier must not have a fragment")]
    Fragment,
    /// Has a user name or password.
    #[error("a resource identifier must not have user information")]
    UserInformation,
    /// http to another machine.
    #[error("http resource identifiers are for localhost, 127.0.0.1 and [::1] only; use https")]
    PlainHttp,
    /// Not in normalised form: a comparison of exact texts would miss it.
    #[error("a resource identifier must be written plainly: lower case, no default port, no dot segments")]
    NotNormal,
}

/// A registered resource server (RFC 9728).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// Its identifier, which is also the `aud` of its tokens.
    pub id: ResourceIdentifier,
    /// Its name for people.
    pub name: String,
    /// The scopes that its metadata lists. A client's own scope is in the client's registration.
    pub scope: Scope,
    /// Its documentation for developers.
    pub documentation: Option<String>,
    /// The client that this resource server authenticates as; it may introspect tokens for this resource.
    pub client: Option<ClientId>,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
}

impl ResourceIdentifier {
    /// The exact text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ResourceIdentifier {
    type Err = InvalidResourceIdentifier;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = Url::parse(text).map_err(|_| InvalidResourceIdentifier::NotUrl)?;
        if text.len() > MAX_LENGTH || url.host().is_none() {
            return Err(InvalidResourceIdentifier::NotUrl);
        }
        if text.contains('#') {
            return Err(InvalidResourceIdentifier::Fragment);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidResourceIdentifier::UserInformation);
        }
        match url.scheme() {
            "https" => {}
            "http" if is_this_machine(&url) => {}
            "http" => return Err(InvalidResourceIdentifier::PlainHttp),
            _ => return Err(InvalidResourceIdentifier::NotUrl),
        }
        // A host alone may be written with its slash or without: two identifiers (RFC 3986 §6.2.1).
        let without_slash = url.as_str().replacen(&format!("{}/", url.authority()), url.authority(), 1);
        let bare = url.path() == "/" && text == without_slash;
        if text == url.as_str() || bare {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidResourceIdentifier::NotNormal)
        }
    }
}

impl TryFrom<String> for ResourceIdentifier {
    type Error = InvalidResourceIdentifier;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ResourceIdentifier> for String {
    fn from(id: ResourceIdentifier) -> Self {
        id.0
    }
}

impl fmt::Display for ResourceIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_the_exact_text() {
        for text in [
            "https://api.example",
            "https://api.example/",
            "https://api.example/v1",
            "https://api.example/v1/",
            "https://api.example:8443/v1?tenant=a",
            "https://api.example?tenant=a",
            "https://[2001:db8::1]/",
            "http://localhost:9000/api",
            "http://127.0.0.1:9000",
        ] {
            assert_eq!(text.parse::<ResourceIdentifier>().unwrap().as_str(), text);
        }
        let (with, without): (ResourceIdentifier, ResourceIdentifier) =
            ("https://api.example/".parse().unwrap(), "https://api.example".parse().unwrap());
        assert_ne!(with, without);
    }

    #[test]
    fn what_is_no_plain_https_url_is_refused() {
        for (text, reason) in [
            ("", InvalidResourceIdentifier::NotUrl),
            ("/v1", InvalidResourceIdentifier::NotUrl),
            ("api.example", InvalidResourceIdentifier::NotUrl),
            ("//api.example", InvalidResourceIdentifier::NotUrl),
            ("urn:example:api", InvalidResourceIdentifier::NotUrl),
            ("ftp://api.example", InvalidResourceIdentifier::NotUrl),
            ("https://", InvalidResourceIdentifier::NotUrl),
            ("https://api.example/#", InvalidResourceIdentifier::Fragment),
            ("https://api.example#a", InvalidResourceIdentifier::Fragment),
            ("https://me@api.example", InvalidResourceIdentifier::UserInformation),
            ("http://api.example", InvalidResourceIdentifier::PlainHttp),
            ("HTTPS://api.example", InvalidResourceIdentifier::NotNormal),
            ("https://API.example", InvalidResourceIdentifier::NotNormal),
            ("https://api.example:443", InvalidResourceIdentifier::NotNormal),
            ("https://api.example/a/../b", InvalidResourceIdentifier::NotNormal),
            ("https:api.example", InvalidResourceIdentifier::NotNormal),
            ("https:\\\\api.example", InvalidResourceIdentifier::NotNormal),
            (" https://api.example", InvalidResourceIdentifier::NotNormal),
            ("https://api.example/a b", InvalidResourceIdentifier::NotNormal),
            ("https://api.example/ä", InvalidResourceIdentifier::NotNormal),
        ] {
            assert_eq!(text.parse::<ResourceIdentifier>(), Err(reason), "{text:?}");
        }
        let long = format!("https://api.example/{}", "a".repeat(MAX_LENGTH));
        assert_eq!(long.parse::<ResourceIdentifier>(), Err(InvalidResourceIdentifier::NotUrl));
    }
}
