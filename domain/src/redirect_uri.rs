//! Redirect URIs: the rules for registration and for matching (RFC 9700 §4.1.3, RFC 8252 §7).

mod host;
mod invalid;
mod place;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

pub use host::host_reached;
pub use invalid::{InvalidRedirectUri, NO_ENCRYPTION, NO_WILDCARDS};

/// A registered redirect URI, as the exact text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RedirectUri(String);

/// A redirect URI that a request presented and that matched a registered one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VerifiedRedirectUri(String);

/// The parameters of an authorization response (RFC 6749 §4.1.2, §4.1.2.1, RFC 9207 §2, JARM §2.3).
pub const RESPONSE_PARAMETERS: [&str; 7] =
    ["code", "state", "iss", "error", "error_description", "error_uri", "response"];

/// The parameter of the answer to a logout (OpenID Connect RP-Initiated Logout 1.0 §3).
pub const LOGOUT_PARAMETERS: [&str; 1] = ["state"];

/// What a redirect URI may be beside https, http to this machine, and schemes with a dot.
#[derive(Debug, Clone, Copy, Default)]
pub struct RedirectUriRules<'a> {
    /// Schemes of native applications without a dot, in lower case.
    pub native_schemes: &'a [String],
    /// Whether http to a host of the local network is allowed.
    pub http_in_lan: bool,
}

/// Schemes that lead to no application but to the browser itself or to another kind of resource.
const RESERVED_SCHEMES: [&str; 14] = [
    "about",
    "blob",
    "chrome",
    "content",
    "data",
    "file",
    "filesystem",
    "ftp",
    "http",
    "https",
    "javascript",
    "mailto",
    "vbscript",
    "view-source",
];

/// Whether an operator may name `scheme` as that of a native application (RFC 3986 §3.1, in lower case).
#[must_use]
pub fn is_native_scheme(scheme: &str) -> bool {
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_lowercase())
        && scheme.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"+-.".contains(&b));
    is_scheme && scheme.len() <= 64 && !RESERVED_SCHEMES.contains(&scheme)
}

impl RedirectUri {
    /// The redirect URI, if `rules` allow it.
    ///
    /// # Errors
    /// Why it cannot be registered.
    pub fn parse(text: &str, rules: RedirectUriRules<'_>) -> Result<Self, InvalidRedirectUri> {
        let url = well_formed(text)?;
        match url.scheme() {
            "https" => Ok(()),
            "http" if is_this_machine(&url) => Ok(()),
            "http" if rules.http_in_lan && is_in_lan(&url) => Ok(()),
            "http" if rules.http_in_lan => Err(InvalidRedirectUri::HttpBeyondLan),
            "http" => Err(InvalidRedirectUri::PlainHttp),
            native if rules.native_schemes.iter().any(|allowed| allowed == native) => Ok(()),
            private_use if private_use.contains('.') => Ok(()),
            _ => Err(InvalidRedirectUri::Scheme),
        }?;
        Ok(Self(text.to_owned()))
    }

    /// The registered text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The presented text, if it matches: exactly, or, for the loopback addresses
    /// over http, with any port (RFC 8252 §7.3).
    #[must_use]
    pub fn matching(&self, presented: &str) -> Option<VerifiedRedirectUri> {
        let same_loopback = || match (split_loopback(&self.0), split_loopback(presented)) {
            (Some(registered), Some(presented)) => registered == presented,
            _ => false,
        };
        (self.0 == presented || same_loopback()).then(|| VerifiedRedirectUri(presented.to_owned()))
    }

    /// The first of these `names` that its query has. Beside the parameter of the same name that the server adds, the client
    /// could not tell which is the server's.
    #[must_use]
    pub fn reserved_parameter<'n>(&self, names: &[&'n str]) -> Option<&'n str> {
        let url = Url::parse(&self.0).ok()?;
        names.iter().copied().find(|name| url.query_pairs().any(|(key, _)| key == *name))
    }

    /// Whether it has a private-use scheme (RFC 8252 §7.1).
    #[must_use]
    pub fn is_private_use(&self) -> bool {
        !is_web(&self.0)
    }

    /// Whether a code that is sent to it crosses a network without encryption.
    #[must_use]
    pub fn is_http_to_another_machine(&self) -> bool {
        Url::parse(&self.0).is_ok_and(|url| url.scheme() == "http" && !is_this_machine(&url))
    }

    /// The https host that it belongs to; none if any application on the user's device could claim it (RFC 8252 §8.6).
    #[must_use]
    pub fn host_of_its_own(&self) -> Option<String> {
        host_reached(&self.0).filter(|_| Url::parse(&self.0).is_ok_and(|url| url.scheme() == "https"))
    }

    /// The registered text itself, for a request that names none.
    #[must_use]
    pub fn verified(&self) -> VerifiedRedirectUri {
        VerifiedRedirectUri(self.0.clone())
    }
}

impl VerifiedRedirectUri {
    /// The text as it was presented.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host that an answer to it reaches; none for a private-use scheme, where the application chooses what looks like one.
    #[must_use]
    pub fn host(&self) -> Option<String> {
        host_reached(&self.0)
    }

    /// Whom an answer to it reaches, for the user: its host, or all of it if it reaches none.
    #[must_use]
    pub fn destination(&self) -> String {
        self.host().unwrap_or_else(|| self.0.clone())
    }

    /// Scheme, host and port as a Content-Security-Policy can name them; none for a private-use scheme, or for a host with
    /// characters that have a meaning there.
    #[must_use]
    pub fn origin(&self) -> Option<String> {
        let origin = Url::parse(&self.0).ok()?.origin();
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:/[]".contains(&byte);
        let text = origin.is_tuple().then(|| origin.ascii_serialization())?;
        text.bytes().all(is_plain).then_some(text)
    }

    /// Whether a page can send a form to it.
    #[must_use]
    pub fn is_web(&self) -> bool {
        is_web(&self.0)
    }

    /// Whether any application on the user's device could claim this URI (RFC 8252 §8.6).
    #[must_use]
    pub fn is_claimable_by_any_app(&self) -> bool {
        !self.0.starts_with("https://")
    }
}

/// Splits `http://127.0.0.1:PORT/rest` and `http://[::1]:PORT/rest` into host and rest, without the port.
fn split_loopback(uri: &str) -> Option<(&'static str, &str)> {
    let (host, rest) = ["http://127.0.0.1", "http://[::1]"]
        .into_iter()
        .find_map(|host| uri.strip_prefix(host).map(|rest| (host, rest)))?;
    let rest = match rest.strip_prefix(':') {
        Some(port_and_rest) => {
            let digits = port_and_rest.bytes().take_while(u8::is_ascii_digit).count();
            let (port, rest) = port_and_rest.split_at(digits);
            port.parse::<u16>().ok()?;
            rest
        }
        None => rest,
    };
    // Other characters here would continue the authority: `127.0.0.1.evil.example`, `127.0.0.1:80@evil.example`.
    (rest.is_empty() || rest.starts_with(['/', '?'])).then_some((host, rest))
}

impl FromStr for RedirectUri {
    type Err = InvalidRedirectUri;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text, RedirectUriRules::default())
    }
}

/// The text as a URL, if it can be a redirect URI with any scheme.
fn well_formed(text: &str) -> Result<Url, InvalidRedirectUri> {
    let printable = text.bytes().all(|byte| (0x21..=0x7e).contains(&byte) && byte != b'\\');
    if !printable || text.len() > 2048 {
        return Err(InvalidRedirectUri::NotAbsolute);
    }
    let url = Url::parse(text).map_err(|_| InvalidRedirectUri::NotAbsolute)?;
    if text.contains('#') {
        return Err(InvalidRedirectUri::Fragment);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(InvalidRedirectUri::UserInformation);
    }
    if url.host_str().is_some_and(|host| host.contains('*')) {
        return Err(InvalidRedirectUri::Wildcard);
    }
    Ok(url)
}

fn is_web(uri: &str) -> bool {
    Url::parse(uri).is_ok_and(|url| matches!(url.scheme(), "https" | "http"))
}

/// Whether the host cannot be one of the public internet (RFC 1918, RFC 3927, RFC 4193, RFC 6762, RFC 8375).
fn is_in_lan(url: &Url) -> bool {
    const SUFFIXES: [&str; 6] = [".local", ".lan", ".home", ".home.arpa", ".internal", ".localdomain"];
    match url.host() {
        Some(Host::Domain(name)) => {
            !name.contains('.') || SUFFIXES.iter().any(|suffix| name.ends_with(suffix))
        }
        Some(Host::Ipv4(address)) => address.is_private() || address.is_link_local(),
        Some(Host::Ipv6(address)) => address.is_unique_local() || address.is_unicast_link_local(),
        None => false,
    }
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.octets() == [127, 0, 0, 1],
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

impl TryFrom<String> for RedirectUri {
    type Error = InvalidRedirectUri;

    /// A stored one: the rules may have been others when it was registered.
    fn try_from(text: String) -> Result<Self, Self::Error> {
        well_formed(&text).map(|_| Self(text))
    }
}

impl From<RedirectUri> for String {
    fn from(uri: RedirectUri) -> Self {
        uri.0
    }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests;
