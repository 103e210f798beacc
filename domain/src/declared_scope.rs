//! The scopes that an operator declares: how the pages describe them, and which claims they open. See
//! docs/decisions/groups-and-claims.md.

use std::collections::{BTreeMap, BTreeSet};

use crate::Scope;
use crate::claims::{STANDARD, is_standard};
use crate::scope::GROUPS;

/// What an operator says about one scope.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeclaredScope {
    /// What the scope allows, in a few words, by the tag of a language.
    pub description: BTreeMap<String, String>,
    /// The names of the claims that it opens.
    pub claims: BTreeSet<String>,
    /// Whether a request without `scope` gets it. If the operator does not say, it does unless it opens claims: those a client
    /// has to request, as those of the standard scopes (OpenID Connect Core §5.4).
    pub default: Option<bool>,
}

/// Every scope that the operator declares, and with the standard ones, which scope opens which claims.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeclaredScopes(BTreeMap<String, DeclaredScope>);

impl DeclaredScopes {
    /// Whether a scope of this name is declared.
    #[must_use]
    pub fn contains(&self, token: &str) -> bool {
        self.0.contains_key(token)
    }

    /// Whether a request without `scope` gets this scope, if its client may have it.
    #[must_use]
    pub fn is_default(&self, token: &str) -> bool {
        self.0.get(token).is_none_or(|scope| scope.default.unwrap_or(scope.claims.is_empty()))
    }

    /// What the scope allows in the words of the operator: in this language, else in English, else in the first that has any.
    #[must_use]
    pub fn description(&self, token: &str, language: &str) -> Option<&str> {
        let texts = &self.0.get(token)?.description;
        let text = texts.get(language).or_else(|| texts.get("en")).or_else(|| texts.values().next());
        text.map(String::as_str)
    }

    /// The names of the claims that `scope` opens.
    #[must_use]
    pub fn claims_in(&self, scope: &Scope) -> BTreeSet<&str> {
        let standard = STANDARD.into_iter().filter(|(asked_by, _)| scope.contains(asked_by));
        standard.map(|(_, claim)| claim).chain(self.own_claims_in(scope)).collect()
    }

    /// The names of the claims that no scope of OpenID Connect opens, but `groups` and the declared scopes in `scope` open.
    pub fn own_claims_in(&self, scope: &Scope) -> impl Iterator<Item = &str> {
        let declared = self.0.iter().filter(|(token, _)| scope.contains(token));
        let declared = declared.flat_map(|(_, declared)| &declared.claims).map(String::as_str);
        declared.chain(Some(GROUPS).filter(|groups| scope.contains(groups)))
    }

    /// Whether `scope` opens the claim `name`.
    #[must_use]
    pub fn opens(&self, scope: &Scope, name: &str) -> bool {
        let is_standard = STANDARD.iter().any(|(asked_by, claim)| *claim == name && scope.contains(asked_by));
        is_standard || self.own_claims_in(scope).any(|claim| claim == name)
    }

    /// The names of all claims that any scope opens: the standard ones first.
    pub fn claims(&self) -> impl Iterator<Item = &str> {
        let declared: BTreeSet<_> =
            self.0.values().flat_map(|scope| &scope.claims).map(String::as_str).collect();
        let others = declared.into_iter().filter(|name| !is_standard(name) && *name != GROUPS);
        STANDARD.into_iter().map(|(_, claim)| claim).chain([GROUPS]).chain(others)
    }
}

impl FromIterator<(String, DeclaredScope)> for DeclaredScopes {
    fn from_iter<I: IntoIterator<Item = (String, DeclaredScope)>>(scopes: I) -> Self {
        Self(scopes.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared() -> DeclaredScopes {
        let scope = |claims: &[&str], default, description: &[(&str, &str)]| DeclaredScope {
            description: description
                .iter()
                .map(|(tag, text)| ((*tag).to_owned(), (*text).to_owned()))
                .collect(),
            claims: claims.iter().map(|claim| (*claim).to_owned()).collect(),
            default,
        };
        DeclaredScopes::from_iter([
            (
                "staff".to_owned(),
                scope(&["department", "email"], None, &[("de", "Abteilung"), ("en", "Department")]),
            ),
            ("calendar".to_owned(), scope(&[], None, &[("fr", "Agenda")])),
            ("hidden".to_owned(), scope(&[], Some(false), &[])),
            ("badge".to_owned(), scope(&["badge", "department"], Some(true), &[])),
        ])
    }

    #[test]
    fn a_scope_opens_its_claims_only() {
        let declared = declared();
        let opened =
            |scope: &str| declared.claims_in(&scope.parse().unwrap()).into_iter().collect::<Vec<_>>();
        assert_eq!(opened("openid email"), ["email", "email_verified"]);
        assert_eq!(opened("openid staff calendar read"), ["department", "email"]);
        assert_eq!(opened("badge staff"), ["badge", "department", "email"]);
        assert_eq!(opened("openid groups"), ["groups"]);
        assert!(declared.opens(&"groups".parse().unwrap(), "groups"));
        assert!(!declared.opens(&"openid staff".parse().unwrap(), "groups"));
        let opens = |scope: &str, name| declared.opens(&scope.parse().unwrap(), name);
        assert!(opens("staff", "department") && opens("badge", "department") && opens("profile", "name"));
        assert!(!opens("staff", "badge") && !opens("openid read", "department") && !opens("staff", "name"));
        let all: Vec<_> = declared.claims().collect();
        assert_eq!(all.len(), STANDARD.len() + 3, "email is a standard claim: {all:?}");
        assert_eq!(all.last(), Some(&"department"));
    }

    #[test]
    fn a_scope_with_claims_is_granted_by_default_only_if_the_operator_says_so() {
        let declared = declared();
        let default: Vec<_> = ["staff", "calendar", "hidden", "badge", "read"]
            .into_iter()
            .filter(|it| declared.is_default(it))
            .collect();
        assert_eq!(default, ["calendar", "badge", "read"]);
        assert!(declared.contains("staff") && !declared.contains("read"));
    }

    #[test]
    fn a_description_is_in_the_language_of_the_page_or_in_one_that_there_is() {
        let declared = declared();
        assert_eq!(declared.description("staff", "de"), Some("Abteilung"));
        assert_eq!(declared.description("staff", "ja"), Some("Department"));
        assert_eq!(declared.description("calendar", "en"), Some("Agenda"));
        assert_eq!(declared.description("hidden", "en"), None);
        assert_eq!(declared.description("read", "en"), None);
    }
}
