//! A group of users, and the name by which applications know it.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::GroupId;
use crate::display_text::is_visible;

const MAX_NAME_CHARACTERS: usize = 128;
const MAX_TEXT_BYTES: usize = 512;
/// The most bytes of the claims of a group, as JSON.
pub const MAX_CLAIMS_BYTES: usize = 4096;
/// Kubernetes reserves this prefix for groups with special rights.
const RESERVED_PREFIX: &str = "system:";

/// The name of a group: what an application finds in the claim `groups`.
///
/// It can be written as it is wherever applications name groups: in lists that are separated by commas (oauth2-proxy), in
/// `policy.csv` (Argo CD), in JMESPath (Grafana), in HTTP headers. Two names that differ only in their case are one name. It is
/// never shaped like a UUID.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct GroupName(String);

/// Why a text is not the name of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidGroupName {
    /// Empty, too long, or with a character that applications separate names by.
    #[error(
        "a group name has 1 to 128 characters of A-Z a-z 0-9 . _ - : / @ +, and single spaces between them; \
         it begins with a letter or a digit"
    )]
    Characters,
    /// Kubernetes reserves it.
    #[error(
        "a group name must not begin with system:, because Kubernetes gives such groups rights of its own"
    )]
    Reserved,
    /// Shaped like an id.
    #[error("a group name must not be shaped like a UUID")]
    UuidShaped,
}

impl GroupName {
    /// The name as it was given, and as applications get it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form for look-ups, in lower case.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl FromStr for GroupName {
    type Err = InvalidGroupName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-:/@+".contains(&byte);
        let is_part = |part: &str| !part.is_empty() && part.bytes().all(allowed);
        let begins_well = text.starts_with(|first: char| first.is_ascii_alphanumeric());
        if text.len() > MAX_NAME_CHARACTERS || !begins_well || !text.split(' ').all(is_part) {
            return Err(InvalidGroupName::Characters);
        }
        if text.to_ascii_lowercase().starts_with(RESERVED_PREFIX) {
            return Err(InvalidGroupName::Reserved);
        }
        if Uuid::parse_str(text).is_ok() {
            return Err(InvalidGroupName::UuidShaped);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for GroupName {
    type Error = InvalidGroupName;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<GroupName> for String {
    fn from(name: GroupName) -> Self {
        name.0
    }
}

impl fmt::Display for GroupName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What people read about a group: up to 512 bytes in one line, all of it visible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct GroupText(String);

/// The text cannot be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must have 1 to {MAX_TEXT_BYTES} bytes and no invisible characters")]
pub struct InvalidGroupText;

impl GroupText {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for GroupText {
    type Err = InvalidGroupText;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let fits = text.len() <= MAX_TEXT_BYTES && is_visible(text);
        fits.then(|| Self(text.to_owned())).ok_or(InvalidGroupText)
    }
}

impl TryFrom<String> for GroupText {
    type Error = InvalidGroupText;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<GroupText> for String {
    fn from(text: GroupText) -> Self {
        text.0
    }
}

/// Claims that every member of a group has, unless the user has their own: a JSON object of at most [`MAX_CLAIMS_BYTES`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Map<String, Value>", into = "Map<String, Value>")]
pub struct GroupClaims(Map<String, Value>);

/// The claims are too large.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the claims of a group have at most {MAX_CLAIMS_BYTES} bytes as JSON")]
pub struct ClaimsTooLarge;

impl GroupClaims {
    /// Every claim.
    #[must_use]
    pub const fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }
}

impl TryFrom<Map<String, Value>> for GroupClaims {
    type Error = ClaimsTooLarge;

    fn try_from(claims: Map<String, Value>) -> Result<Self, Self::Error> {
        let fits = serde_json::to_string(&claims).is_ok_and(|json| json.len() <= MAX_CLAIMS_BYTES);
        fits.then_some(Self(claims)).ok_or(ClaimsTooLarge)
    }
}

impl From<GroupClaims> for Map<String, Value> {
    fn from(claims: GroupClaims) -> Self {
        claims.0
    }
}

/// A group. Its members are kept beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Tells this group from a deleted one that had the same name.
    pub id: GroupId,
    /// The name, which stays: applications know the group by it.
    pub name: GroupName,
    /// What people call it.
    pub display_name: Option<GroupText>,
    /// What it is for.
    pub description: Option<GroupText>,
    /// The claims of its members.
    pub claims: GroupClaims,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed. A new member changes nothing about it.
    pub updated_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_name_can_be_written_wherever_applications_name_groups() {
        for name in
            ["staff", "Domain Admins", "ops@example.com", "org/team-1", "a", "0", "C++", &"x".repeat(128)]
        {
            let parsed: GroupName = name.parse().unwrap();
            assert_eq!((parsed.as_str(), parsed.to_string().as_str()), (name, name));
            assert_eq!(serde_json::to_value(&parsed).unwrap(), name);
        }
        let long = "x".repeat(129);
        for name in [
            "", " a", "a ", "a  b", "a,b", "a;b", "a\"b", "a'b", "a*", "-a", "/a", "_a", "a\tb", "a\n", "ä",
            &long,
        ] {
            assert_eq!(name.parse::<GroupName>(), Err(InvalidGroupName::Characters), "{name:?}");
            assert!(serde_json::from_value::<GroupName>(name.into()).is_err());
        }
    }

    #[test]
    fn a_name_that_kubernetes_reserves_or_that_looks_like_an_id_is_refused() {
        for name in ["system:masters", "System:masters"] {
            assert_eq!(name.parse::<GroupName>(), Err(InvalidGroupName::Reserved), "{name}");
        }
        assert!("systems".parse::<GroupName>().is_ok());
        let id = GroupId::from_random([7; 16]).to_string();
        assert_eq!(id.parse::<GroupName>(), Err(InvalidGroupName::UuidShaped));
    }

    #[test]
    fn names_that_differ_in_their_case_have_one_key() {
        let [one, other] = ["Domain Admins", "domain admins"].map(|name| name.parse::<GroupName>().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.key(), other.key());
    }

    #[test]
    fn a_text_is_visible_and_in_one_line() {
        assert_eq!(" Die Münchner ".parse::<GroupText>().unwrap().as_str(), "Die Münchner");
        for text in ["", " ", "a\nb", "a\u{202e}b", &"x".repeat(513)] {
            assert_eq!(text.parse::<GroupText>(), Err(InvalidGroupText), "{text:?}");
        }
    }

    #[test]
    fn claims_have_a_bounded_size() {
        let claims =
            |length: usize| serde_json::from_value::<GroupClaims>(json!({"quota": "x".repeat(length)}));
        let around = json!({"quota": ""}).to_string().len();
        assert_eq!(claims(MAX_CLAIMS_BYTES - around).unwrap().as_map().len(), 1);
        assert!(claims(MAX_CLAIMS_BYTES - around + 1).is_err());
        assert!(serde_json::from_value::<GroupClaims>(json!([])).is_err());
    }
}
