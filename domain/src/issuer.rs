//! The issuer identifier (RFC 8414 §2, OpenID Connect Discovery §3).

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

/// An issuer: an https URL (http for this machine only) without query, fragment and trailing slash.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Issuer(String);

/// Why a text is not an issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidIssuer {
    /// Not an absolute http or https URL with a host.
    #[error("the issuer must be an https URL, such as https://login.example.com")]
    NotUrl,
    /// Query, fragment or user information.
    #[error("the issuer must not have a query, a fragment or user information")]
    Extra,
    /// A path that needs escaping in URLs, cookies or routes, or that has another meaning at the host's root.
    #[error(
        "the issuer's path may only have segments of letters, digits, '-', '.', '_' and '~', and must not begin with \
         /.well-known, /health, /ready, /robots.txt or /favicon.ico, which are at the host's root"
    )]
    Path,
    /// http for a host that is not this machine.
    #[error(
        "the issuer may use http only for localhost, 127.0.0.1 and [::1]; put TLS in front and name the https URL"
    )]
    PlainHttp,
}

impl Issuer {
    /// The issuer exactly as tokens carry it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The URL of an endpoint below the issuer; `path` starts with a slash.
    #[must_use]
    pub fn endpoint(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// The path of the issuer: empty, or starting with a slash and not ending with one.
    #[must_use]
    pub fn path(&self) -> &str {
        let after_scheme = self.0.split_once("://").map_or("", |(_, rest)| rest);
        after_scheme.find('/').map_or("", |slash| &after_scheme[slash..])
    }

    /// Scheme, host and port, as a browser sends them in `Origin`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.0[..self.0.len() - self.path().len()]
    }

    /// Whether a URL is this server's own: at its origin, below its path.
    #[must_use]
    pub fn owns(&self, url: &str) -> bool {
        let Ok(url) = Url::parse(url) else { return false };
        let below = |path: &str| url.path() == path || url.path().starts_with(&format!("{path}/"));
        // The name of a host may end in a dot.
        let host = |url: &Url| url.host_str().map(|host| host.trim_end_matches('.').to_owned());
        let is_ours = |own: &Url| {
            own.scheme() == url.scheme()
                && own.port_or_known_default() == url.port_or_known_default()
                && host(own) == host(&url)
        };
        Url::parse(&self.0).is_ok_and(|own| is_ours(&own)) && below(self.path())
    }

    /// The host, as a reader sees it.
    #[must_use]
    pub fn host(&self) -> String {
        let host = Url::parse(&self.0).ok().and_then(|url| url.host_str().map(str::to_owned));
        host.unwrap_or_default()
    }

    /// The port, unless it is the default one of the scheme.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        Url::parse(&self.0).ok()?.port()
    }

    /// Whether browsers reach the server over TLS, so that cookies can be `Secure`.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }
}

impl FromStr for Issuer {
    type Err = InvalidIssuer;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = Url::parse(text).map_err(|_| InvalidIssuer::NotUrl)?;
        if text.contains(['?', '#']) || !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidIssuer::Extra);
        }
        if url.host().is_none() {
            return Err(InvalidIssuer::NotUrl);
        }
        match url.scheme() {
            "https" => {}
            "http" if is_this_machine(&url) => {}
            "http" => return Err(InvalidIssuer::PlainHttp),
            _ => return Err(InvalidIssuer::NotUrl),
        }
        if !is_plain(url.path().trim_end_matches('/')) {
            return Err(InvalidIssuer::Path);
        }
        // The normalised form: default ports dropped, host in lower case, as browsers write an origin.
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }
}

/// Whether the URL leads to the machine it is opened on.
pub(crate) fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether the path can be used in URLs, in a cookie's `Path` and in routes without escaping: unreserved characters only
/// (RFC 3986 §2.3), no empty segment, and not a path that is always at the host's root (RFC 8615 §3).
fn is_plain(path: &str) -> bool {
    let mut segments = path.split('/').skip(1).peekable();
    let ours = [".well-known", "health", "ready", "robots.txt", "favicon.ico"];
    let ours = segments.peek().is_some_and(|first| ours.contains(first));
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    !ours && segments.all(|segment| !segment.is_empty() && segment.bytes().all(unreserved))
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_knows_its_origin_and_path() {
        for (text, written, origin, path, port, is_https) in [
            (
                "https://Login.example.com:443/tenant/",
                "https://login.example.com/tenant",
                "https://login.example.com",
                "/tenant",
                None,
                true,
            ),
            (
                "https://login.example.com:8443/a_1/b.c~-",
                "https://login.example.com:8443/a_1/b.c~-",
                "https://login.example.com:8443",
                "/a_1/b.c~-",
                Some(8443),
                true,
            ),
            (
                "http://localhost:8080/",
                "http://localhost:8080",
                "http://localhost:8080",
                "",
                Some(8080),
                false,
            ),
            ("http://id.localhost", "http://id.localhost", "http://id.localhost", "", None, false),
            ("http://127.0.0.1:81", "http://127.0.0.1:81", "http://127.0.0.1:81", "", Some(81), false),
            ("http://[::1]", "http://[::1]", "http://[::1]", "", None, false),
        ] {
            let issuer: Issuer = text.parse().unwrap();
            assert_eq!((issuer.as_str(), issuer.to_string().as_str()), (written, written));
            assert_eq!((issuer.origin(), issuer.path(), issuer.port()), (origin, path, port), "{text}");
            assert_eq!(issuer.is_https(), is_https, "{text}");
            assert_eq!(issuer.endpoint("/oauth/token"), format!("{written}/oauth/token"));
        }
    }

    #[test]
    fn an_issuer_that_would_leak_or_confuse_is_refused() {
        for (text, reason) in [
            ("login.example.com", InvalidIssuer::NotUrl),
            ("ftp://login.example.com", InvalidIssuer::NotUrl),
            ("https://login.example.com?x", InvalidIssuer::Extra),
            ("https://login.example.com#x", InvalidIssuer::Extra),
            ("https://u@login.example.com", InvalidIssuer::Extra),
            ("https://:p@login.example.com", InvalidIssuer::Extra),
            ("http://login.example.com", InvalidIssuer::PlainHttp),
            ("http://localhost.example.com", InvalidIssuer::PlainHttp),
            ("http://evillocalhost", InvalidIssuer::PlainHttp),
            ("http://10.0.0.1", InvalidIssuer::PlainHttp),
            ("http://[2001:db8::1]", InvalidIssuer::PlainHttp),
            ("https://login.example.com/a//b", InvalidIssuer::Path),
            ("https://login.example.com/a;b", InvalidIssuer::Path),
            ("https://login.example.com/a%2Fb", InvalidIssuer::Path),
            ("https://login.example.com/{tenant}", InvalidIssuer::Path),
            ("https://login.example.com/*", InvalidIssuer::Path),
            ("https://login.example.com/.well-known/x", InvalidIssuer::Path),
            ("https://login.example.com/health", InvalidIssuer::Path),
            ("https://login.example.com/robots.txt", InvalidIssuer::Path),
        ] {
            assert_eq!(text.parse::<Issuer>(), Err(reason), "{text}");
        }
    }
}
