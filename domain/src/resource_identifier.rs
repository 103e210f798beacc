//! The identifier of a protected resource, and how two of them are compared (RFC 8707 §2, RFC 9728 §1.2, RFC 3986 §6.2).

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::Issuer;
use crate::issuer::is_this_machine;

/// The maximum length of an identifier in bytes.
const MAX_LENGTH: usize = 2048;

/// An https URL (http for this machine only) without fragment. Two identifiers are equal if their normalised forms are:
/// the case of scheme and host, a default port, an empty path and the way of percent-encoding do not matter (RFC 3986
/// §6.2.2, §6.2.3). What is written, in `aud` for example, is the text as it came.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ResourceIdentifier {
    text: String,
    normal: String,
}

/// Why a text is not a resource identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidResourceIdentifier {
    /// Not an absolute URI with a host, or too long.
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
    /// Has a segment that clients resolve before they send a request.
    #[error("the path of a resource identifier must not have the segments . and ..")]
    DotSegment,
}

impl ResourceIdentifier {
    /// The text as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The normalised form: equal for equal identifiers, and only for them.
    #[must_use]
    pub fn normalised(&self) -> &str {
        &self.normal
    }
}

impl FromStr for ResourceIdentifier {
    type Err = InvalidResourceIdentifier;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self { normal: normalise(text)?, text: text.to_owned() })
    }
}

/// The resource of the server itself. An issuer is written in its normalised form, but without a slash after the host.
impl From<&Issuer> for ResourceIdentifier {
    fn from(issuer: &Issuer) -> Self {
        let slash = if issuer.path().is_empty() { "/" } else { "" };
        Self { text: issuer.to_string(), normal: issuer.endpoint(slash) }
    }
}

fn normalise(text: &str) -> Result<String, InvalidResourceIdentifier> {
    let not_url = InvalidResourceIdentifier::NotUrl;
    let (scheme, rest) = text.split_once("://").ok_or(not_url)?;
    if rest.contains('#') {
        return Err(InvalidResourceIdentifier::Fragment);
    }
    let (authority, path_and_query) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    if authority.contains('@') {
        return Err(InvalidResourceIdentifier::UserInformation);
    }
    // A URL parser forgives more than a URI allows: it drops tabs, reads a backslash as a slash, and looks for a missing host in
    // the path. So the characters are checked first.
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._%:[]".contains(&byte);
    let is_authority = !authority.is_empty() && authority.bytes().all(is_plain);
    let url = Url::parse(text).ok().filter(|_| text.len() <= MAX_LENGTH && is_authority);
    let url = url.ok_or(not_url)?;
    let host = url.host_str().ok_or(not_url)?;
    // Numbers that only some parsers take for an IPv4 address would be equal here and different there.
    if matches!(url.host(), Some(Host::Ipv4(_))) && authority.split(':').next() != Some(host) {
        return Err(not_url);
    }
    match scheme.to_ascii_lowercase().as_str() {
        "https" => {}
        "http" if is_this_machine(&url) => {}
        "http" => return Err(InvalidResourceIdentifier::PlainHttp),
        _ => return Err(not_url),
    }
    let (path, query) = path_and_query.split_once('?').map_or((path_and_query, None), |(p, q)| (p, Some(q)));
    let path = if path.is_empty() { "/".to_owned() } else { normalise_encoding(path, b"")? };
    if path.split('/').any(|segment| segment == "." || segment == "..") {
        return Err(InvalidResourceIdentifier::DotSegment);
    }
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let query = query.map(|query| normalise_encoding(query, b"?").map(|query| format!("?{query}")));
    let query = query.transpose()?.unwrap_or_default();
    Ok(format!("{}://{host}{port}{path}{query}", url.scheme()))
}

/// Decodes what need not be encoded, and writes the rest in upper case (RFC 3986 §6.2.2.1, §6.2.2.2).
fn normalise_encoding(text: &str, further: &[u8]) -> Result<String, InvalidResourceIdentifier> {
    let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let mut normal = String::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let mut digit = || char::from(bytes.next()?).to_digit(16);
            let (Some(high), Some(low)) = (digit(), digit()) else {
                return Err(InvalidResourceIdentifier::NotUrl);
            };
            match u8::try_from(high * 16 + low) {
                Ok(byte) if is_unreserved(byte) => normal.push(char::from(byte)),
                Ok(_) | Err(_) => normal.push_str(&format!("%{high:X}{low:X}")),
            }
        } else if is_unreserved(byte) || b"!$&'()*+,;=:@/".contains(&byte) || further.contains(&byte) {
            normal.push(char::from(byte));
        } else {
            return Err(InvalidResourceIdentifier::NotUrl);
        }
    }
    Ok(normal)
}

impl PartialEq for ResourceIdentifier {
    fn eq(&self, other: &Self) -> bool {
        self.normal == other.normal
    }
}

impl Eq for ResourceIdentifier {}

impl PartialOrd for ResourceIdentifier {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ResourceIdentifier {
    fn cmp(&self, other: &Self) -> Ordering {
        self.normal.cmp(&other.normal)
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
        id.text
    }
}

impl fmt::Display for ResourceIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests;
