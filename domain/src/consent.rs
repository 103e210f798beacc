//! Consent: what a user allowed a client to do.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::claims::naming_scope;
use crate::{ClientId, ResourceIdentifier, Scope, UserId};

/// A user's remembered consent to one client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// The user.
    pub user: UserId,
    /// The client.
    pub client: ClientId,
    /// The allowed scope of the requests that named no resource.
    pub scope: Scope,
    /// The allowed scope at each resource that a request named.
    pub resources: BTreeMap<ResourceIdentifier, Scope>,
    /// The allowed claims that were requested by name and that the scope of the request did not open.
    pub claims: BTreeSet<String>,
    /// When the user last consented.
    pub granted_at: DateTime<Utc>,
}

impl Consent {
    /// The consent to one request: `scope` at these `resources`, or at the default audience if there are none.
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

    /// The same consent, to these claims too.
    #[must_use]
    pub fn with_claims(self, claims: BTreeSet<String>) -> Self {
        Self { claims, ..self }
    }

    /// Whether the user consented to everything in this request before. Consent at one resource covers neither another
    /// resource nor a request without one. A claim is covered by its name or by a scope that opens it.
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

    /// The union of both consents, with the later time.
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
        assert!(covers("read", &["https://A.example:443/"]));
        for (scope, resources) in [
            ("write", &[a][..]),
            ("read", &[b]),
            ("read", &[a, b]),
            ("read", &[]),
            ("openid", &[a]),
            ("read", &["https://a.example/v1"]),
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
        let consent = agreed("openid email", &["name"]).and(&agreed("openid", &["locale", "name"]));
        let covers = |name: &str| {
            consent.covers(&"openid".parse().unwrap(), &BTreeSet::new(), &[name.to_owned()].into())
        };
        assert!(covers("name") && covers("locale") && covers("email_verified"));
        assert!(!covers("nickname") && !covers("phone_number"));
    }

    #[test]
    fn two_consents_together_are_as_young_as_the_later_one() {
        let agreed = |scope: &str, seconds: i64| {
            let at = DateTime::from_timestamp(seconds, 0).unwrap();
            let user = UserId::from_random([1; 16]);
            Consent::new(user, "app".parse().unwrap(), &scope.parse().unwrap(), &BTreeSet::new(), at)
        };
        assert_eq!(agreed("read", 10).and(&agreed("write", 20)), agreed("read write", 20));
    }
}
