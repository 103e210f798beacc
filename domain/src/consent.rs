//! What a user agreed to, remembered.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::claims::naming_scope;
use crate::{ClientId, ResourceIdentifier, Scope, UserId};

/// A user's standing agreement with one client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Who agreed.
    pub user: UserId,
    /// With whom.
    pub client: ClientId,
    /// To what, over all times they were asked without a resource.
    pub scope: Scope,
    /// To what at each resource, over all times that one was named.
    pub resources: BTreeMap<ResourceIdentifier, Scope>,
    /// To which claims one by one, beyond what the scope of the request opened.
    #[serde(default)]
    pub claims: BTreeSet<String>,
    /// When they last agreed.
    pub granted_at: DateTime<Utc>,
}

impl Consent {
    /// The agreement to one request: `scope` at these `resources`, or wherever it is for if there are none.
    #[must_use]
    pub fn new(
        user: UserId,
        client: ClientId,
        scope: &Scope,
        resources: &BTreeSet<ResourceIdentifier>,
        granted_at: DateTime<Utc>,
    ) -> Self {
        let at_each = resources.iter().map(|resource| (resource.clone(), scope.clone())).collect();
        let anywhere = if resources.is_empty() { scope.clone() } else { Scope::default() };
        Self { user, client, scope: anywhere, resources: at_each, claims: BTreeSet::new(), granted_at }
    }

    /// The same agreement, to these claims too.
    #[must_use]
    pub fn with_claims(self, claims: BTreeSet<String>) -> Self {
        Self { claims, ..self }
    }

    /// Whether everything in this request was agreed to before: what was agreed to at one resource says nothing
    /// about another, or about none. A claim was agreed to by its name or with a scope that opens it.
    #[must_use]
    pub fn covers(
        &self,
        scope: &Scope,
        resources: &BTreeSet<ResourceIdentifier>,
        claims: &BTreeSet<String>,
    ) -> bool {
        let shown = |name: &String| {
            let opened = naming_scope(name).is_some_and(|naming| self.scope.contains(naming));
            opened || self.claims.contains(name)
        };
        let at = |resource| self.resources.get(resource).is_some_and(|agreed| scope.is_subset_of(agreed));
        let agreed =
            if resources.is_empty() { scope.is_subset_of(&self.scope) } else { resources.iter().all(at) };
        agreed && claims.iter().all(shown)
    }

    /// Both agreements together, of the time of the later one.
    #[must_use]
    pub fn and(self, later: &Self) -> Self {
        let mut resources = self.resources;
        for (resource, scope) in &later.resources {
            let agreed = resources.entry(resource.clone()).or_default();
            *agreed = agreed.union(scope);
        }
        let claims = &self.claims | &later.claims;
        Self {
            scope: self.scope.union(&later.scope),
            resources,
            claims,
            granted_at: later.granted_at,
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreeing_at_one_resource_covers_no_other_and_no_other_scope_there() {
        let agreed = |scope: &str, resources: &[&str]| {
            let resources = resources.iter().map(|id| id.parse().unwrap()).collect();
            let at = DateTime::from_timestamp(0, 0).unwrap();
            let user = UserId::from_random([1; 16]);
            Consent::new(user, "app".parse().unwrap(), &scope.parse().unwrap(), &resources, at)
        };
        let (a, b) = ("https://a.example", "https://b.example");
        let consent = agreed("read", &[a]).and(&agreed("write", &[b])).and(&agreed("openid", &[]));
        let covers = |scope: &str, resources: &[&str]| {
            let resources = resources.iter().map(|id| id.parse().unwrap()).collect();
            consent.covers(&scope.parse().unwrap(), &resources, &BTreeSet::new())
        };
        assert!(covers("read", &[a]) && covers("write", &[b]) && covers("openid", &[]));
        for (scope, resources) in [
            ("write", &[a][..]),
            ("read", &[b]),
            ("read", &[a, b]),
            ("read", &[]),
            ("openid", &[a]),
            ("read", &["https://a.example/"]),
        ] {
            assert!(!covers(scope, resources), "{scope} at {resources:?}");
        }
    }

    #[test]
    fn a_claim_is_agreed_to_by_its_name_or_with_its_scope_and_not_otherwise() {
        let at = DateTime::from_timestamp(0, 0).unwrap();
        let agreed = |scope: &str, claims: &[&str]| {
            let claims = claims.iter().map(|name| (*name).to_owned()).collect();
            let user = UserId::from_random([1; 16]);
            let scope = scope.parse().unwrap();
            Consent::new(user, "app".parse().unwrap(), &scope, &BTreeSet::new(), at).with_claims(claims)
        };
        let consent = agreed("openid email", &["name"]).and(&agreed("openid", &["locale"]));
        let covers = |name: &str| {
            consent.covers(&"openid".parse().unwrap(), &BTreeSet::new(), &[name.to_owned()].into())
        };
        assert!(covers("name") && covers("locale") && covers("email_verified"));
        assert!(!covers("nickname") && !covers("phone_number"));
    }
}
