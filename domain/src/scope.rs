//! Scopes (RFC 6749 §3.3): a set of case-sensitive tokens, kept sorted.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The scope that makes a request an OpenID Connect request (OpenID Connect Core §3.1.2.1).
pub const OPENID: &str = "openid";
/// The scope of a grant that survives logout (OpenID Connect Core §11).
pub const OFFLINE_ACCESS: &str = "offline_access";
/// The scope that lets an administrative client administer this server for an administrator. It exists for such clients only, so
/// it is neither among the scopes of the settings nor in the metadata.
pub const ADMINISTRATION: &str = "administration";
/// The scope that opens the claim of the same name: the groups that the user is in.
pub const GROUPS: &str = "groups";
/// The scopes that every server has: those of OpenID Connect (OpenID Connect Core §5.4, §11), and [`GROUPS`].
pub const STANDARD: [&str; 7] = [OPENID, "profile", "email", "address", "phone", GROUPS, OFFLINE_ACCESS];

/// A set of scope tokens; may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Scope(BTreeSet<String>);

/// The text does not follow the grammar of RFC 6749 §3.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a scope is a list of tokens of printable ASCII without quote and backslash, separated by spaces")]
pub struct InvalidScope;

impl Scope {
    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `token` is in the set.
    #[must_use]
    pub fn contains(&self, token: &str) -> bool {
        self.0.contains(token)
    }

    /// Whether every token of `self` is in `other`.
    #[must_use]
    pub fn is_subset_of(&self, other: &Self) -> bool {
        self.0.is_subset(&other.0)
    }

    /// The tokens of both sets.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self(self.0.union(&other.0).cloned().collect())
    }

    /// The tokens of `self` for which `keep` returns true.
    #[must_use]
    pub fn filtered(&self, keep: impl Fn(&str) -> bool) -> Self {
        Self(self.0.iter().filter(|token| keep(token)).cloned().collect())
    }

    /// The tokens that are in `other`, and those that are not.
    #[must_use]
    pub fn split(&self, other: &Self) -> (Self, Self) {
        (self.filtered(|token| other.contains(token)), self.filtered(|token| !other.contains(token)))
    }

    /// The tokens, sorted.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl FromStr for Scope {
    type Err = InvalidScope;

    /// More spaces than one between the tokens, and spaces around them, do not matter: clients join texts of which some
    /// are empty.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
        let is_token =
            |token: &str| token.bytes().all(|b| (0x21..=0x7e).contains(&b) && b != b'"' && b != b'\\');
        text.split(' ')
            .filter(|token| !token.is_empty())
            .map(|token| if is_token(token) { Ok(token.to_owned()) } else { Err(InvalidScope) })
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl<'a> FromIterator<&'a str> for Scope {
    /// Collects tokens that are already validated.
    fn from_iter<I: IntoIterator<Item = &'a str>>(tokens: I) -> Self {
        Self(tokens.into_iter().map(str::to_owned).collect())
    }
}

impl TryFrom<String> for Scope {
    type Error = InvalidScope;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Scope> for String {
    fn from(scope: Scope) -> Self {
        scope.to_string()
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, token) in self.iter().enumerate() {
            if position > 0 {
                f.write_str(" ")?;
            }
            f.write_str(token)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_scope_outside_the_grammar_is_refused() {
        for text in ["a\tb", "a\nb", "\ta", "a\u{a0}b", "a\"b", "a\\b", "ä"] {
            assert_eq!(text.parse::<Scope>(), Err(InvalidScope), "{text:?}");
        }
    }

    #[test]
    fn spaces_around_and_between_tokens_do_not_matter() {
        let plain: Scope = "a b".parse().unwrap();
        for text in ["a b ", " a b", "a  b", "   b   a "] {
            assert_eq!(text.parse::<Scope>().unwrap(), plain, "{text:?}");
        }
        assert!("  ".parse::<Scope>().unwrap().is_empty());
    }

    #[test]
    fn a_scope_is_written_in_one_order_with_single_spaces() {
        for (text, written) in [("", ""), ("b", "b"), ("c a  b a", "a b c"), ("openid !~", "!~ openid")] {
            let scope: Scope = text.parse().unwrap();
            assert_eq!((scope.to_string().as_str(), scope.is_empty()), (written, written.is_empty()));
            assert_eq!(scope.iter().collect::<Scope>(), scope);
            assert_eq!(serde_json::to_value(&scope).unwrap(), written);
            assert_eq!(serde_json::from_value::<Scope>(text.into()).unwrap(), scope);
        }
        assert!(serde_json::from_value::<Scope>("a\"b".into()).is_err());
    }

    #[test]
    fn a_scope_is_split_into_what_another_has_and_what_it_has_not() {
        let (asked, allowed): (Scope, Scope) =
            ("read openid admin".parse().unwrap(), "read write openid".parse().unwrap());
        let (within, beyond) = asked.split(&allowed);
        assert_eq!((within.to_string().as_str(), beyond.to_string().as_str()), ("openid read", "admin"));
        assert!(within.is_subset_of(&allowed) && !asked.is_subset_of(&allowed));
        assert!(asked.contains("admin") && !allowed.contains("admin"));
    }

    proptest! {
        #[test]
        fn order_and_repetition_do_not_matter(mut tokens in prop::collection::vec("[!#-\\[\\]-~]{1,8}", 1..8)) {
            let first: Scope = tokens.join(" ").parse().unwrap();
            tokens.reverse();
            tokens.push(tokens[0].clone());
            let second: Scope = tokens.join(" ").parse().unwrap();
            prop_assert_eq!(first.to_string(), second.to_string());
        }

        #[test]
        fn a_union_contains_both_and_a_filter_never_widens(a in "[a-d]( [a-d]){0,3}", b in "[a-d]( [a-d]){0,3}") {
            let (a, b): (Scope, Scope) = (a.parse().unwrap(), b.parse().unwrap());
            let both = a.union(&b);
            prop_assert!(a.is_subset_of(&both) && b.is_subset_of(&both));
            prop_assert!(a.filtered(|token| token != "a").is_subset_of(&a));
        }
    }
}
