//! What the resources of a request mean for its scope (RFC 8707 §2.2, RFC 9068 §2.2.3) and its tokens.

use std::collections::BTreeSet;

use domain::client::AccessTokenTyp;
use domain::scope::{ADMINISTRATION, OFFLINE_ACCESS, OPENID, STANDARD};
use domain::self_registration::SelfRegistration;
use domain::{
    Client, Issuer, Resource, ResourceIdentifier, ResourceIncarnations, Scope, UndeclaredAt, scope_at,
};

use crate::settings::Settings;

/// The resources that a token is for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Target {
    /// The resources, as they are registered; none for this server alone.
    pub resources: BTreeSet<ResourceIdentifier>,
    /// The registered ones among them.
    found: Vec<Resource>,
    /// The client's other resources, which this token is not for.
    others: Vec<Resource>,
    /// Whether the token is for this server itself, also without `openid`.
    is_for_issuer: bool,
    /// Which scopes are valid at a resource that declares none.
    undeclared: UndeclaredAt,
}

impl Target {
    pub(super) fn new(
        resources: BTreeSet<ResourceIdentifier>,
        client: &Client,
        issuer: &Issuer,
        found: Vec<Resource>,
    ) -> Self {
        let is_for_issuer = resources.is_empty() || resources.contains(&issuer.into());
        let (found, others): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|resource| resources.contains(&resource.id));
        // No operator gave a client that registered itself what it may have at a resource that is open to all of them.
        let is_opened = |resource: &Resource| !client.resources.allowed.contains(&resource.id);
        let undeclared = match client.registration.is_some() && found.iter().any(is_opened) {
            true => UndeclaredAt::Nothing,
            false => UndeclaredAt::Everything,
        };
        Self { resources, found, others, is_for_issuer, undeclared }
    }

    /// Whether the request is for resources, by its parameters or by the client's default.
    pub(crate) fn is_for_resources(&self) -> bool {
        !self.resources.is_empty()
    }

    /// The incarnations of the resources that it is for.
    pub(crate) fn incarnations(&self) -> ResourceIncarnations {
        self.found.iter().collect()
    }

    /// The `typ` of an access token of `client`: `JWT`, which all software accepts, if the client or any of the resources
    /// asks for it.
    pub(crate) fn access_token_typ(&self, client: &Client) -> AccessTokenTyp {
        let theirs = self.found.iter().map(|resource| resource.access_token_typ);
        let asks_for_jwt =
            theirs.chain([client.tokens.access_token_typ]).any(|typ| typ == AccessTokenTyp::Jwt);
        if asks_for_jwt { AccessTokenTyp::Jwt } else { AccessTokenTyp::AtJwt }
    }

    /// What `client` may have there: its scope, and, if it registered itself and no operator has limited its scope or chosen it,
    /// the scopes of resources that are open to such clients. They may have been opened after it registered.
    pub(crate) fn allowed_scope(&self, settings: &Settings, client: &Client) -> Scope {
        let is_free =
            |own: &SelfRegistration| own.limits.scope.is_none() && !own.set_by_operator.contains("scope");
        if !client.registration.as_ref().is_some_and(is_free) {
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
        let all = theirs.chain(ours).fold(Scope::default(), |all, scope| all.union(scope));
        self.grantable(&all)
    }

    /// The part of a granted `scope` that an access token has. `offline_access` and `administration` have a meaning
    /// at this server only.
    pub(crate) fn token_scope(&self, scope: &Scope) -> Scope {
        let is_for_issuer = self.is_for_issuer || scope.contains(OPENID);
        let scope = scope_at(scope, &self.found, is_for_issuer, &self.others, self.undeclared);
        scope.filtered(|token| is_for_issuer || ![OFFLINE_ACCESS, ADMINISTRATION].contains(&token))
    }

    /// The part of `scope` that can be granted: what an access token has, and `offline_access`, which is about the grant.
    pub(crate) fn grantable(&self, scope: &Scope) -> Scope {
        let token_scope = self.token_scope(scope);
        scope.filtered(|token| token == OFFLINE_ACCESS || token_scope.contains(token))
    }
}
