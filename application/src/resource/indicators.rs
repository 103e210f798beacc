//! Resource indicators (RFC 8707): the resources that a request may name and that its tokens are for.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::{
    Audience, Authorization, Client, ClientId, ErrorCode, Issuer, RequestedResources, Resource,
    ResourceIdentifier,
};

use super::target::Target;
use crate::error::{Error, Refusal, excerpt};
use crate::parameters::Parameters;
use crate::port::Resources;

/// The parameter, which may be repeated (RFC 8707 §2).
const RESOURCE: &str = "resource";
/// Checks the `resource` parameters of every endpoint. A request without one needs no look-up.
pub struct ResourceIndicators {
    /// The registered resources.
    pub resources: Arc<dyn Resources>,
    /// The issuer: the resource of this server itself, which every client may name.
    pub issuer: Issuer,
}

/// A resource as users see it on the consent page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedResource {
    /// Its identifier.
    pub id: ResourceIdentifier,
    /// Its registered name; none for this server itself, and for one that has just been deleted.
    pub name: Option<String>,
}

impl ResourceIndicators {
    /// The resources that a request of `client` names, each registered and open to it, and written as it was registered.
    /// If it names none: the client's default audience.
    ///
    /// # Errors
    /// `invalid_target` (RFC 8707 §2); the description does not tell an unknown resource from one of other clients.
    pub async fn allowed(&self, client: &Client, parameters: &Parameters) -> Result<Target, Error> {
        let requested = requested(client, parameters)?;
        let is_self_registered = client.registration.is_some();
        let is_possible = |id: &ResourceIdentifier| is_self_registered || client.may_name(id, &self.issuer);
        if let Some(other) = requested.iter().find(|id| !is_possible(id)) {
            return Err(not_for(client, other).into());
        }
        let default = client.resources.default.iter().filter(|_| requested.is_empty());
        let ours = ResourceIdentifier::from(&self.issuer);
        let mut wanted: BTreeSet<_> = requested.iter().chain(default).cloned().collect();
        if wanted.iter().any(|id| *id != ours) {
            // With the same look-up: what another resource of the client declares is no scope of one that declares none.
            wanted.extend(client.resources.allowed.iter().cloned());
        }
        let found = self.find(&wanted).await?;
        let open =
            found.iter().filter(|resource| self.is_open_to(client, resource)).map(|resource| &resource.id);
        let open: BTreeSet<_> = open.chain([&ours]).collect();
        let registered = |id: ResourceIdentifier| {
            open.get(&id).map(|open| (*open).clone()).ok_or_else(|| not_for(client, &id))
        };
        let resources = requested.into_iter().map(registered).collect::<Result<_, _>>()?;
        Ok(Target::new(resources, client, &self.issuer, found))
    }

    /// The resources of one token: those that the token request names, else all granted ones. The request may only
    /// name resources that its token would also be for without the parameter (RFC 8707 §2.2).
    ///
    /// A token for everything that was granted needs no look-up: the scope was fitted to the resources when it was granted.
    /// What is open to every client that registered itself is looked up, because their registrations do not say it.
    ///
    /// # Errors
    /// `invalid_target` for any other resource, and if the client may no longer request any of the granted resources.
    pub async fn narrow(
        &self,
        client: &Client,
        granted: &Authorization,
        parameters: &Parameters,
    ) -> Result<Target, Error> {
        let requested = requested(client, parameters)?;
        let mut found = Vec::new();
        if client.registration.is_some() {
            found = self.find(&granted.resources).await?;
        }
        let is_open = |id: &&ResourceIdentifier| {
            let found = found.iter().find(|resource| resource.id == **id);
            client.may_name(id, &self.issuer) || found.is_some_and(|found| self.is_open_to(client, found))
        };
        let allowed: BTreeSet<_> = granted.resources.iter().filter(is_open).cloned().collect();
        if allowed.is_empty() && !granted.resources.is_empty() {
            // The default audience is no replacement: the user consented to other resources.
            return Err(target("none of the granted resources is still allowed").into());
        }
        let widest = Audience::resources(&allowed, client, &self.issuer, &granted.scope);
        let is_granted = |id: ResourceIdentifier| {
            widest.get(&id).cloned().ok_or_else(|| {
                target("a resource is not among those that were granted")
                    .because(format!("{id} was not granted to {}", client.id))
            })
        };
        let named = requested.into_iter().map(is_granted).collect::<Result<BTreeSet<_>, _>>()?;
        let resources = if named.is_empty() { allowed } else { named };
        let is_as_granted = resources == granted.resources && parameters.get("scope").is_none();
        if found.is_empty() && !is_as_granted {
            found = self.find(&granted.resources.union(&widest).cloned().collect()).await?;
        }
        Ok(Target::new(resources, client, &self.issuer, found))
    }

    /// The same target, with every resource that its tokens are for. Called beside a write, so that it costs no time of its
    /// own: a store answers both in one round trip, or at the same moment.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub(crate) async fn complete(&self, client: &Client, target: Target) -> Result<Target, Error> {
        let more = self.find(&target.missing(client)).await?;
        if more.is_empty() {
            return Ok(target);
        }
        let (resources, mut found) = target.into_looked_up();
        found.extend(more);
        Ok(Target::new(resources, client, &self.issuer, found))
    }

    /// Looks up the resources of an earlier request again; beside another look-up, as [`complete`](Self::complete).
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub(crate) async fn find_again(
        &self,
        ids: &BTreeSet<ResourceIdentifier>,
    ) -> Result<Vec<Resource>, Error> {
        self.find(ids).await
    }

    /// The target of an earlier request with what [`find_again`](Self::find_again) found, if `client` may still request all
    /// of it and none of the resources has been deleted since, also if another one was made under the same identifier.
    pub(crate) fn still_allowed(
        &self,
        client: &Client,
        requested: RequestedResources<'_>,
        found: Vec<Resource>,
    ) -> Option<Target> {
        let ours = ResourceIdentifier::from(&self.issuer);
        let is_still_open = |id: &ResourceIdentifier| {
            *id == ours
                || found.iter().any(|resource| {
                    resource.id == *id
                        && requested.incarnations.get(id) == Some(resource.incarnation)
                        && self.is_open_to(client, resource)
                })
        };
        let is_allowed = requested.ids.iter().all(is_still_open);
        is_allowed.then(|| Target::new(requested.ids.clone(), client, &self.issuer, found))
    }

    /// The names of these resources, for the consent page.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn named(&self, ids: BTreeSet<ResourceIdentifier>) -> Result<Vec<NamedResource>, Error> {
        let found = self.find(&ids).await?;
        let name = |id: &ResourceIdentifier| {
            found.iter().find(|resource| resource.id == *id).map(|resource| resource.name.clone())
        };
        Ok(ids.into_iter().map(|id| NamedResource { name: name(&id), id }).collect())
    }

    /// Whether `client` is one of the resource servers that a token is for.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn is_in(&self, client: &ClientId, audience: &Audience) -> Result<bool, Error> {
        let ids = audience.iter().filter_map(|member| member.parse().ok()).collect();
        let found = self.find(&ids).await?;
        Ok(found.iter().any(|resource| resource.client.as_ref() == Some(client)))
    }

    fn is_open_to(&self, client: &Client, resource: &Resource) -> bool {
        let is_opened = resource.for_registered_clients && client.registration.is_some();
        is_opened || client.may_name(&resource.id, &self.issuer)
    }

    /// Finds the registered ones. This server itself is never registered, so it needs no look-up.
    async fn find(&self, ids: &BTreeSet<ResourceIdentifier>) -> Result<Vec<Resource>, Error> {
        let ours = ResourceIdentifier::from(&self.issuer);
        let others: Vec<_> = ids.iter().filter(|id| **id != ours).cloned().collect();
        if others.is_empty() { Ok(Vec::new()) } else { Ok(self.resources.find(&others).await?) }
    }
}

fn requested(client: &Client, parameters: &Parameters) -> Result<BTreeSet<ResourceIdentifier>, Refusal> {
    if let Some(audience) = parameters.get("audience") {
        tracing::warn!(
            client_id = %client.id,
            audience = excerpt(audience),
            "the parameter audience is ignored; send resource with the URL of the API (RFC 8707)"
        );
    }
    let malformed = |reason: domain::resource_identifier::InvalidResourceIdentifier| {
        target("resource must be an absolute URI without a fragment").because(reason.to_string())
    };
    parameters.all(RESOURCE).map(|text| text.parse().map_err(malformed)).collect()
}

fn not_for(client: &Client, resource: &ResourceIdentifier) -> Refusal {
    target("a resource is unknown or not for this client")
        .because(format!("{resource} is not registered, or {} may not ask for it", client.id))
}

const fn target(description: &'static str) -> Refusal {
    Refusal::new(ErrorCode::InvalidTarget, description)
}

#[cfg(test)]
mod tests;
