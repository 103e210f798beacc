//! What the resources of a request mean for its scope (RFC 8707 §2.2, RFC 9068 §2.2.3).

use std::collections::BTreeSet;

use domain::scope::{OFFLINE_ACCESS, OPENID, STANDARD};
use domain::{Client, Issuer, Resource, ResourceIdentifier, Scope, scope_at};

use crate::settings::Settings;

/// The resources that a token is for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Target {
    /// The resources, as they are registered; none for the client's default audience.
    pub resources: BTreeSet<ResourceIdentifier>,
    /// Those that a store was asked about: the named ones, or else the client's default.
    found: Vec<Resource>,
    /// Those that were granted too, but that this token is not for.
    others: Vec<Resource>,
    /// Whether the token is for this server itself, also without `openid`.
    is_for_issuer: bool,
}

impl Target {
    pub(super) fn new(
        resources: BTreeSet<ResourceIdentifier>,
        client: &Client,
        issuer: &Issuer,
        found: Vec<Resource>,
    ) -> Self {
        let default = client.resources.default.iter().filter(|_| resources.is_empty());
        let audience: BTreeSet<_> = resources.iter().chain(default).cloned().collect();
        let is_for_issuer = audience.is_empty() || audience.contains(&issuer.into());
        let (found, others) = found.into_iter().partition(|resource| audience.contains(&resource.id));
        Self { resources, found, others, is_for_issuer }
    }

    /// Whether the request is for resources, by its parameters or by the client's default.
    pub(crate) fn is_for_resources(&self) -> bool {
        !self.resources.is_empty() || !self.found.is_empty()
    }

    /// What `client` may have there: its scope, and, if it registered itself without limits of an operator, the scopes of
    /// resources that are open to such clients. They may have been opened after it registered.
    pub(crate) fn allowed_scope(&self, settings: &Settings, client: &Client) -> Scope {
        let is_limited = client.registration.as_ref().is_none_or(|own| own.limits.scope.is_some());
        if is_limited {
            return client.scope.clone();
        }
        let opened = self.found.iter().chain(&self.others).filter(|resource| resource.for_registered_clients);
        let ours = Some(&settings.issuer_default_scope).filter(|_| self.is_for_issuer);
        // The standard scopes are about this server.
        let theirs = opened.map(|resource| resource.scope.filtered(|token| !STANDARD.contains(&token)));
        theirs.chain(ours.cloned()).fold(client.scope.clone(), |all, scope| all.union(&scope))
    }

    /// The scope of a request that names none, for a client without a default: what the resources grant then.
    pub(crate) fn default_scope(&self, settings: &Settings) -> Scope {
        let ours = Some(&settings.issuer_default_scope).filter(|_| self.is_for_issuer);
        let theirs = self.found.iter().map(|resource| &resource.default_scope);
        theirs.chain(ours).fold(Scope::default(), |all, scope| all.union(scope))
    }

    /// The part of a granted `scope` that an access token has. `offline_access` has a meaning at this server only.
    pub(crate) fn token_scope(&self, scope: &Scope) -> Scope {
        let is_for_issuer = self.is_for_issuer || scope.contains(OPENID);
        let scope = scope_at(scope, &self.found, is_for_issuer, &self.others);
        scope.filtered(|token| is_for_issuer || token != OFFLINE_ACCESS)
    }

    /// The part of `scope` that can be granted: what an access token has, and `offline_access`, which is about the grant.
    pub(crate) fn grantable(&self, scope: &Scope) -> Scope {
        let token_scope = self.token_scope(scope);
        scope.filtered(|token| token == OFFLINE_ACCESS || token_scope.contains(token))
    }
}
