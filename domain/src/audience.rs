//! The audience of an access token (RFC 8707 §2.2, RFC 9068 §2.2).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::scope::OPENID;
use crate::{Issuer, ResourceIdentifier, Scope};

/// `aud`: a single member is written as a string, several members as an array (RFC 7519 §4.1.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Wire", into = "Wire")]
pub struct Audience(BTreeSet<String>);

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Wire {
    One(String),
    Several(BTreeSet<String>),
}

impl Audience {
    /// The audience of a token for these `resources` with this `scope`; for the issuer if there are none. `openid` adds the
    /// issuer, because the token is also for the UserInfo endpoint.
    #[must_use]
    pub fn new(resources: &BTreeSet<ResourceIdentifier>, issuer: &Issuer, scope: &Scope) -> Self {
        Self(Self::resources(resources, issuer, scope).into_iter().map(String::from).collect())
    }

    /// The members of this audience, as resources.
    #[must_use]
    pub fn resources(
        resources: &BTreeSet<ResourceIdentifier>,
        issuer: &Issuer,
        scope: &Scope,
    ) -> BTreeSet<ResourceIdentifier> {
        let mut members = resources.clone();
        if members.is_empty() || scope.contains(OPENID) {
            members.insert(issuer.into());
        }
        members
    }

    /// Whether `member` is in the audience.
    #[must_use]
    pub fn contains(&self, member: &str) -> bool {
        self.0.contains(member)
    }

    /// The members, sorted.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl From<Wire> for Audience {
    fn from(wire: Wire) -> Self {
        match wire {
            Wire::One(only) => Self([only].into()),
            Wire::Several(members) => Self(members),
        }
    }
}

impl From<Audience> for Wire {
    fn from(Audience(mut members): Audience) -> Self {
        match (members.pop_first(), members.is_empty()) {
            (Some(only), true) => Self::One(only),
            (Some(first), false) => {
                members.insert(first);
                Self::Several(members)
            }
            (None, _) => Self::Several(members),
        }
    }
}

impl<'a> FromIterator<&'a str> for Audience {
    fn from_iter<I: IntoIterator<Item = &'a str>>(members: I) -> Self {
        Self(members.into_iter().map(str::to_owned).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_member_is_a_string_and_several_are_an_array() {
        for (members, wire) in [
            (vec!["https://a.example"], r#""https://a.example""#),
            (vec!["https://b.example", "https://a.example"], r#"["https://a.example","https://b.example"]"#),
        ] {
            let audience: Audience = members.into_iter().collect();
            assert_eq!(serde_json::to_string(&audience).unwrap(), wire);
            assert_eq!(serde_json::from_str::<Audience>(wire).unwrap(), audience);
        }
        let one: Audience = serde_json::from_str(r#"["https://a.example"]"#).unwrap();
        assert_eq!(one, ["https://a.example"].into_iter().collect());
    }

    #[test]
    fn a_token_is_for_its_resources_else_for_the_issuer() {
        let issuer: Issuer = "https://login.example".parse().unwrap();
        let (ours, a, b) = (issuer.as_str(), "https://a.example", "https://b.example");
        for (resources, scope, expected) in [
            (&[][..], "read", &[ours][..]),
            (&[], "openid", &[ours]),
            (&[a], "read", &[a]),
            (&[a], "openid read", &[a, ours]),
            (&[a, b], "", &[a, b]),
            (&[ours], "openid", &[ours]),
            (&[ours, a], "read", &[a, ours]),
        ] {
            let ids = resources.iter().map(|id| id.parse().unwrap()).collect();
            let audience = Audience::new(&ids, &issuer, &scope.parse().unwrap());
            assert_eq!(audience.iter().collect::<Vec<_>>(), expected, "{resources:?} {scope}");
            for member in [ours, a, b] {
                assert_eq!(audience.contains(member), expected.contains(&member), "{member} in {expected:?}");
            }
        }
    }
}
