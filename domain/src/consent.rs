//! What a user agreed to, remembered.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

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
        Self { user, client, scope: anywhere, resources: at_each, granted_at }
    }

    /// Whether everything in this request was agreed to before: what was agreed to at one resource says nothing
    /// about another, or about none.
    #[must_use]
    pub fn covers(&self, scope: &Scope, resources: &BTreeSet<ResourceIdentifier>) -> bool {
        let at = |resource| self.resources.get(resource).is_some_and(|agreed| scope.is_subset_of(agreed));
        if resources.is_empty() { scope.is_subset_of(&self.scope) } else { resources.iter().all(at) }
    }

    /// Both agreements together, of the time of the later one.
    #[must_use]
    pub fn and(self, later: &Self) -> Self {
        let mut resources = self.resources;
        for (resource, scope) in &later.resources {
            let agreed = resources.entry(resource.clone()).or_default();
            *agreed = agreed.union(scope);
        }
        Self { scope: self.scope.union(&later.scope), resources, granted_at: later.granted_at, ..self }
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
            consent.covers(&scope.parse().unwrap(), &resources)
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
}
