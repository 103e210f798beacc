//! Consent: the scopes, resources and claims that a user allowed a client.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::scope::OPENID;
use crate::{ClientId, DeclaredScopes, Incarnation, RequestedResources, ResourceIdentifier, Scope, UserId};

/// A user's remembered consent to one client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// The user.
    pub user: UserId,
    /// The client.
    pub client: ClientId,
    /// The allowed scope of the requests that were for this server alone.
    pub scope: Scope,
    /// What is allowed at each resource.
    pub resources: BTreeMap<ResourceIdentifier, AllowedAt>,
    /// The allowed claims that were requested by name and that the scope of the request did not open.
    pub claims: BTreeSet<String>,
    /// When the user last consented.
    pub granted_at: DateTime<Utc>,
}

/// What a user allowed at one resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllowedAt {
    /// The incarnation of the resource; none for this server itself. The consent does not count for another resource that
    /// is made under the same identifier.
    pub incarnation: Option<Incarnation>,
    /// The allowed scope.
    pub scope: Scope,
}

impl Consent {
    /// The consent to one request: `scope` at these `resources`, or at this server if there are none.
    #[must_use]
    pub fn new(
        user: UserId,
        client: ClientId,
        scope: &Scope,
        resources: RequestedResources<'_>,
        granted_at: DateTime<Utc>,
    ) -> Self {
        let allowed = |id: &ResourceIdentifier| {
            let incarnation = resources.incarnations.get(id);
            (id.clone(), AllowedAt { incarnation, scope: scope.clone() })
        };
        let at_each = resources.ids.iter().map(allowed).collect();
        let anywhere = if resources.ids.is_empty() { scope.clone() } else { Scope::default() };
        Self { user, client, scope: anywhere, resources: at_each, claims: BTreeSet::new(), granted_at }
    }

    /// The same consent, to these claims too.
    #[must_use]
    pub fn with_claims(self, claims: BTreeSet<String>) -> Self {
        Self { claims, ..self }
    }

    /// Whether the user consented to everything in this request before. Consent at one resource covers neither another
    /// resource nor a request for this server alone. A claim is covered by its name or by a scope that opens it.
    #[must_use]
    pub fn covers(
        &self,
        scope: &Scope,
        resources: RequestedResources<'_>,
        claims: &BTreeSet<String>,
        declared: &DeclaredScopes,
    ) -> bool {
        // A scope opens claims at this server: without a resource, or where `openid` makes the token valid here too.
        let here = |allowed: &&AllowedAt| allowed.scope.contains(OPENID);
        let is_opened = |name: &str| {
            let elsewhere = self.resources.values().filter(here).map(|allowed| &allowed.scope);
            elsewhere.chain([&self.scope]).any(|scope| declared.opens(scope, name))
        };
        let shown = |name: &String| is_opened(name) || self.claims.contains(name);
        let at = |id| {
            self.resources.get(id).is_some_and(|agreed| {
                agreed.incarnation == resources.incarnations.get(id) && scope.is_subset_of(&agreed.scope)
            })
        };
        let RequestedResources { ids, .. } = resources;
        let agreed = if ids.is_empty() { scope.is_subset_of(&self.scope) } else { ids.iter().all(at) };
        agreed && claims.iter().all(shown)
    }

    /// The union of both consents, with the later time. What was allowed at a resource that has been deleted is not part of
    /// it if the later consent is to another one under the same identifier.
    #[must_use]
    pub fn and(self, later: &Self) -> Self {
        let mut resources = self.resources;
        for (id, allowed) in later.resources.clone() {
            let before = resources.remove(&id).filter(|before| before.incarnation == allowed.incarnation);
            let scope = before.map_or_else(Scope::default, |before| before.scope).union(&allowed.scope);
            resources.insert(id, AllowedAt { scope, ..allowed });
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
    use crate::ResourceIncarnations;

    fn ids(resources: &[&str]) -> BTreeSet<ResourceIdentifier> {
        resources.iter().map(|id| id.parse().unwrap()).collect()
    }

    /// The resources as they were registered the first time, the second time, ….
    fn registered(ids: &BTreeSet<ResourceIdentifier>, time: u8) -> ResourceIncarnations {
        let incarnation = Incarnation::from_random([time; 16]);
        let pairs: BTreeMap<_, _> = ids.iter().map(|id| (id, incarnation)).collect();
        serde_json::from_value(serde_json::to_value(pairs).unwrap()).unwrap()
    }

    fn agreed(scope: &str, resources: &[&str], time: u8) -> Consent {
        let at = DateTime::from_timestamp(0, 0).unwrap();
        let (user, ids) = (UserId::from_random([1; 16]), ids(resources));
        let named = RequestedResources { ids: &ids, incarnations: &registered(&ids, time) };
        Consent::new(user, "app".parse().unwrap(), &scope.parse().unwrap(), named, at)
    }

    fn covers(consent: &Consent, scope: &str, resources: &[&str], time: u8) -> bool {
        let ids = ids(resources);
        let named = RequestedResources { ids: &ids, incarnations: &registered(&ids, time) };
        consent.covers(&scope.parse().unwrap(), named, &BTreeSet::new(), &DeclaredScopes::default())
    }

    const A: &str = "https://a.example";
    const B: &str = "https://b.example";

    #[test]
    fn agreeing_at_one_resource_covers_no_other_and_no_other_scope_there() {
        let consent = agreed("read", &[A], 1).and(&agreed("write", &[B], 1)).and(&agreed("openid", &[], 1));
        let covers = |scope: &str, resources: &[&str]| covers(&consent, scope, resources, 1);
        assert!(covers("read", &[A]) && covers("write", &[B]) && covers("openid", &[]));
        assert!(covers("read", &["https://A.example:443/"]));
        for (scope, resources) in [
            ("write", &[A][..]),
            ("read", &[B]),
            ("read", &[A, B]),
            ("read", &[]),
            ("openid", &[A]),
            ("read", &["https://a.example/v1"]),
        ] {
            assert!(!covers(scope, resources), "{scope} at {resources:?}");
        }
    }

    #[test]
    fn agreeing_at_a_resource_does_not_count_for_another_one_under_its_identifier() {
        let before = agreed("read write", &[A, B], 1);
        assert!(covers(&before, "read", &[A], 1) && !covers(&before, "read", &[A], 2));
        let since = before.and(&agreed("read", &[A], 2));
        assert!(covers(&since, "read", &[A], 2) && covers(&since, "write", &[B], 1));
        for (scope, time) in [("write", 2), ("read", 1), ("write", 1)] {
            assert!(!covers(&since, scope, &[A], time), "{scope}");
        }
    }

    #[test]
    fn a_claim_is_agreed_to_by_its_name_or_with_its_scope_and_not_otherwise() {
        let agreed = |scope: &str, claims: &[&str]| {
            agreed(scope, &[], 1).with_claims(claims.iter().map(|name| (*name).to_owned()).collect())
        };
        let consent = agreed("openid email", &["name"]).and(&agreed("openid", &["locale", "name"]));
        let (ids, incarnations) = (BTreeSet::new(), ResourceIncarnations::default());
        let covers = |name: &str| {
            let named = RequestedResources { ids: &ids, incarnations: &incarnations };
            let claims = [name.to_owned()].into();
            consent.covers(&"openid".parse().unwrap(), named, &claims, &DeclaredScopes::default())
        };
        assert!(covers("name") && covers("locale") && covers("email_verified"));
        assert!(!covers("nickname") && !covers("phone_number"));
    }

    #[test]
    fn two_consents_together_are_as_young_as_the_later_one() {
        let agreed = |scope: &str, seconds: i64| {
            let granted_at = DateTime::from_timestamp(seconds, 0).unwrap();
            Consent { granted_at, ..agreed(scope, &[], 1) }
        };
        assert_eq!(agreed("read", 10).and(&agreed("write", 20)), agreed("read write", 20));
    }
}
