//! Registered resource servers (RFC 9728), and which scopes have a meaning at them (RFC 9068 §2.2.3).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::client::AccessTokenTyp;
use crate::scope::STANDARD;
use crate::{ClientId, Incarnation, ResourceIdentifier, Scope};

/// A registered resource server (RFC 9728).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// Its identifier, which is also the `aud` of its tokens.
    pub id: ResourceIdentifier,
    /// Its incarnation.
    pub incarnation: Incarnation,
    /// Its name for people.
    pub name: String,
    /// The scopes that it declares: its metadata lists them, and its tokens have no others. Without any, its tokens have
    /// what an operator gave the client.
    pub scope: Scope,
    /// The scope of a request for it that names no scope, if the client has no default either.
    pub default_scope: Scope,
    /// Whether every client that registered itself may request it, with the scopes that it declares.
    pub for_registered_clients: bool,
    /// The `typ` of its tokens that are JWTs, unless their client or another resource of the token asks for `JWT`.
    pub access_token_typ: AccessTokenTyp,
    /// Its documentation for developers.
    pub documentation: Option<String>,
    /// The client that this resource server authenticates as; it may introspect tokens for this resource.
    pub client: Option<ClientId>,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
}

/// The registered resources that something was given for. It ends with the first of them that is deleted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ResourceIncarnations(BTreeMap<ResourceIdentifier, Incarnation>);

impl ResourceIncarnations {
    /// The incarnation of this resource; none for this server itself, which is not registered.
    #[must_use]
    pub fn get(&self, resource: &ResourceIdentifier) -> Option<Incarnation> {
        self.0.get(resource).copied()
    }

    /// Whether all of them are among these registered resources: none was deleted, also if another one was made in its place.
    #[must_use]
    pub fn are_among(&self, registered: &[Resource]) -> bool {
        let is_registered = |(id, incarnation): (&ResourceIdentifier, &Incarnation)| {
            registered.iter().any(|resource| resource.id == *id && resource.incarnation == *incarnation)
        };
        self.0.iter().all(is_registered)
    }

    /// All incarnations.
    #[must_use]
    pub fn all(&self) -> BTreeSet<Incarnation> {
        self.0.values().copied().collect()
    }
}

/// The resources that a request is for.
#[derive(Debug, Clone, Copy)]
pub struct RequestedResources<'a> {
    /// Their identifiers; none for this server alone.
    pub ids: &'a BTreeSet<ResourceIdentifier>,
    /// The incarnations that they had then.
    pub incarnations: &'a ResourceIncarnations,
}

impl<'a> FromIterator<&'a Resource> for ResourceIncarnations {
    fn from_iter<I: IntoIterator<Item = &'a Resource>>(resources: I) -> Self {
        Self(resources.into_iter().map(|resource| (resource.id.clone(), resource.incarnation)).collect())
    }
}

/// What a resource that declares no scopes takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UndeclaredAt {
    /// Each scope of the client that no other resource declares and that is not a standard scope.
    #[default]
    Everything,
    /// Nothing: no operator chose the client.
    Nothing,
}

/// The part of `scope` that has a meaning where a token is used (RFC 9068 §2.2.3): at these `resources` and, if it
/// `is_for_issuer` too, at this server. `others` are resources that the client could name, and that it is not for. One of
/// the resources has to declare a scope. What another one declares, and the standard scopes, which are this server's, are no
/// scopes of a resource that declares none.
#[must_use]
pub fn scope_at(
    scope: &Scope,
    resources: &[Resource],
    is_for_issuer: bool,
    others: &[Resource],
    undeclared: UndeclaredAt,
) -> Scope {
    let is_declared_by = |those: &[Resource], token: &str| those.iter().any(|one| one.scope.contains(token));
    let takes_the_rest = resources.is_empty()
        || (undeclared == UndeclaredAt::Everything && resources.iter().any(|one| one.scope.is_empty()));
    scope.filtered(|token| {
        let is_left = || match STANDARD.contains(&token) {
            true if is_for_issuer => true,
            true if !resources.is_empty() => false,
            true | false => takes_the_rest && !is_declared_by(others, token),
        };
        is_declared_by(resources, token) || is_left()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declaring(scope: &str) -> Resource {
        Resource {
            id: "https://api.example".parse().unwrap(),
            incarnation: Incarnation::from_random([1; 16]),
            name: String::new(),
            scope: scope.parse().unwrap(),
            default_scope: Scope::default(),
            for_registered_clients: false,
            access_token_typ: AccessTokenTyp::AtJwt,
            documentation: None,
            client: None,
            created_at: DateTime::UNIX_EPOCH,
        }
    }

    /// What is left of a scope at `resources` that declare these scopes.
    fn left(resources: &[&str], is_for_issuer: bool, others: &[&str], undeclared: UndeclaredAt) -> String {
        let [resources, others] =
            [resources, others].map(|those| those.iter().map(|it| declaring(it)).collect::<Vec<_>>());
        let scope = "openid profile read write other".parse().unwrap();
        scope_at(&scope, &resources, is_for_issuer, &others, undeclared).to_string()
    }

    #[test]
    fn a_scope_has_a_meaning_where_it_is_declared() {
        for (resources, is_for_issuer, others, expected) in [
            (&["read"][..], false, &[][..], "read"),
            (&["read"], true, &[], "openid profile read"),
            (&["read", "write"], false, &[], "read write"),
            (&["read"], false, &["write"], "read"),
            (&["read profile"], false, &["write"], "profile read"),
            (&["none"], false, &[], ""),
        ] {
            for undeclared in [UndeclaredAt::Everything, UndeclaredAt::Nothing] {
                assert_eq!(left(resources, is_for_issuer, others, undeclared), expected, "{resources:?}");
            }
        }
    }

    #[test]
    fn a_resource_that_declares_no_scope_takes_what_nothing_else_has_for_its_own() {
        use UndeclaredAt::{Everything, Nothing};
        for (resources, is_for_issuer, others, undeclared, expected) in [
            (&[""][..], false, &[][..], Everything, "other read write"),
            (&[""], true, &[], Everything, "openid other profile read write"),
            (&["", "read"], false, &[], Everything, "other read write"),
            (&[""], false, &["write"], Everything, "other read"),
            (&["", "read"], false, &["read write"], Everything, "other read"),
            // No operator chose the client.
            (&[""], false, &[], Nothing, ""),
            (&["", "read"], true, &[], Nothing, "openid profile read"),
            // The server itself takes what no resource has for its own.
            (&[], true, &[], Everything, "openid other profile read write"),
            (&[], true, &["read", "write openid"], Nothing, "openid other profile"),
        ] {
            assert_eq!(left(resources, is_for_issuer, others, undeclared), expected, "{resources:?}");
        }
    }
}
