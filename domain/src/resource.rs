//! Registered resource servers (RFC 9728), and which scopes have a meaning at them (RFC 9068 §2.2.3).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::scope::STANDARD;
use crate::{ClientId, ResourceIdentifier, Scope};

/// A registered resource server (RFC 9728).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// Its identifier, which is also the `aud` of its tokens.
    pub id: ResourceIdentifier,
    /// Its name for people.
    pub name: String,
    /// The scopes that it declares: its metadata lists them, and its tokens have no others. Without any, its tokens have
    /// what the client was granted.
    pub scope: Scope,
    /// The scope of a request for it that names no scope, if the client has no default either.
    pub default_scope: Scope,
    /// Whether every client that registered itself may request it, with the scopes that it declares.
    pub for_registered_clients: bool,
    /// Its documentation for developers.
    pub documentation: Option<String>,
    /// The client that this resource server authenticates as; it may introspect tokens for this resource.
    pub client: Option<ClientId>,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
}

/// The part of `scope` that has a meaning where a token is used (RFC 9068 §2.2.3): at these `resources` and, if it
/// `is_for_issuer` too, at this server. `others` are the resources that it was also granted for and is not for.
#[must_use]
pub fn scope_at(scope: &Scope, resources: &[Resource], is_for_issuer: bool, others: &[Resource]) -> Scope {
    let is_declared_by = |those: &[Resource], token: &str| those.iter().any(|one| one.scope.contains(token));
    let is_ours = |token: &str| is_for_issuer && STANDARD.contains(&token);
    if resources.is_empty() {
        return scope.filtered(|token| is_ours(token) || !is_declared_by(others, token));
    }
    // A resource without declared scopes may understand each of them.
    if resources.iter().any(|resource| resource.scope.is_empty()) {
        return scope.clone();
    }
    scope.filtered(|token| is_ours(token) || is_declared_by(resources, token))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declaring(scope: &str) -> Resource {
        Resource {
            id: "https://api.example".parse().unwrap(),
            name: String::new(),
            scope: scope.parse().unwrap(),
            default_scope: Scope::default(),
            for_registered_clients: false,
            documentation: None,
            client: None,
            created_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_scope_has_a_meaning_where_it_is_declared() {
        for (resources, is_for_issuer, others, expected) in [
            (&["read"][..], false, &[][..], "read"),
            (&["read"], true, &[], "openid profile read"),
            (&["read", "write"], false, &[], "read write"),
            (&["read", ""], false, &[], "openid other profile read write"),
            (&["read"], false, &["write"], "read"),
            (&[""], false, &["write"], "openid other profile read write"),
            (&["none"], false, &[], ""),
            // The server itself understands what no resource takes for its own.
            (&[], true, &[], "openid other profile read write"),
            (&[], true, &["read", "write openid"], "openid other profile"),
        ] {
            let [resources, others] =
                [resources, others].map(|those| those.iter().map(|it| declaring(it)).collect::<Vec<_>>());
            let scope = "openid profile read write other".parse().unwrap();
            let left = scope_at(&scope, &resources, is_for_issuer, &others);
            assert_eq!(left.to_string(), expected, "{resources:?}");
        }
    }
}
