//! Resource indicators (RFC 8707): the resources that a request may name and that its tokens are for.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::refusal::ResourceCause;
use domain::{
    Audience, Authorization, Client, ClientId, ErrorCode, Issuer, Quoted, RequestedResources, Resource,
    ResourceIdentifier,
};

use super::target::Target;
use crate::error::{Error, Refusal, excerpt};
use crate::parameters::{MAX_RESOURCES, Parameters};
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
    /// The resources that a request of `client` names, or else the client's default audience: each registered and open to the
    /// client, and written as it was registered.
    ///
    /// # Errors
    /// `invalid_target` (RFC 8707 §2); the description does not tell an unknown resource from one of other clients.
    pub async fn allowed(&self, client: &Client, parameters: &Parameters) -> Result<Target, Error> {
        let mut requested = requested(client, parameters)?;
        if requested.is_empty() {
            requested.extend(client.resources.default.clone());
        }
        if requested.is_empty() {
            return Ok(Target::new(requested, client, &self.issuer, Vec::new()));
        }
        let is_self_registered = client.registration.is_some();
        let is_possible = |id: &ResourceIdentifier| is_self_registered || client.may_name(id, &self.issuer);
        if let Some(other) = requested.iter().find(|id| !is_possible(id)) {
            return Err(not_for(client, other).into());
        }
        let found = self.find_with_others(client, &requested).await?;
        let ours = ResourceIdentifier::from(&self.issuer);
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
    /// name resources that its token would also be for without the parameter (RFC 8707 §2.2). The granted resources are looked
    /// up, because an operator may have changed or deleted them since; a token for this server alone needs no look-up.
    ///
    /// # Errors
    /// `invalid_target` for any other resource, and if the client may no longer request any of the granted resources;
    /// `invalid_grant` if one of them was deleted.
    pub async fn narrow(
        &self,
        client: &Client,
        granted: &Authorization,
        parameters: &Parameters,
    ) -> Result<Target, Error> {
        let requested = requested(client, parameters)?;
        let found = self.find_with_others(client, &granted.resources).await?;
        if !granted.incarnations.are_among(&found) {
            return Err(Refusal::invalid_grant(ResourceCause::Deleted).into());
        }
        let is_still_open = |id: &&ResourceIdentifier| self.is_open(client, id, &found);
        let allowed: BTreeSet<_> = granted.resources.iter().filter(is_still_open).cloned().collect();
        if allowed.is_empty() && !granted.resources.is_empty() {
            // This server is no replacement: the user consented to other resources.
            return Err(target("none of the granted resources is still allowed")
                .because(ResourceCause::Withdrawn { granted: quoted(&granted.resources) })
                .into());
        }
        if requested.is_empty() {
            return Ok(Target::new(allowed, client, &self.issuer, found));
        }
        let widest = Audience::resources(&allowed, &self.issuer, &granted.scope);
        let is_granted = |id: ResourceIdentifier| {
            widest.get(&id).cloned().ok_or_else(|| {
                target("a resource is not among those that were granted").because(ResourceCause::NotGranted {
                    sent: Quoted::new(&id.to_string()),
                    granted: quoted(&widest),
                })
            })
        };
        let named = requested.into_iter().map(is_granted).collect::<Result<_, _>>()?;
        Ok(Target::new(named, client, &self.issuer, found))
    }

    /// Looks up the resources of an earlier request again, beside another look-up, so that it costs no time of its own.
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
        let is_allowed = requested.incarnations.are_among(&found)
            && requested.ids.iter().all(|id| self.is_open(client, id, &found));
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

    /// Whether `client` may request this one, which was looked up.
    fn is_open(&self, client: &Client, id: &ResourceIdentifier, found: &[Resource]) -> bool {
        let registered = found.iter().find(|resource| resource.id == *id);
        *id == ResourceIdentifier::from(&self.issuer)
            || registered.is_some_and(|resource| self.is_open_to(client, resource))
    }

    /// Finds these and, with the same look-up, the client's other resources: a scope that another resource declares is
    /// not a scope of a resource that declares none.
    async fn find_with_others(
        &self,
        client: &Client,
        ids: &BTreeSet<ResourceIdentifier>,
    ) -> Result<Vec<Resource>, Error> {
        if ids.is_empty() || ids.iter().all(|id| *id == ResourceIdentifier::from(&self.issuer)) {
            return Ok(Vec::new());
        }
        self.find(&ids.union(&client.resources.allowed).cloned().collect()).await
    }

    /// Finds the registered ones. This server itself is never registered, so it needs no look-up.
    async fn find(&self, ids: &BTreeSet<ResourceIdentifier>) -> Result<Vec<Resource>, Error> {
        let ours = ResourceIdentifier::from(&self.issuer);
        let others: Vec<_> = ids.iter().filter(|id| **id != ours).cloned().collect();
        if others.is_empty() { Ok(Vec::new()) } else { Ok(self.resources.find(&others).await?) }
    }
}

fn requested(client: &Client, parameters: &Parameters) -> Result<BTreeSet<ResourceIdentifier>, Refusal> {
    // Also one that is repeated, as at token exchange (RFC 8693 §2.1).
    if let Some(audience) = parameters.all("audience").next() {
        tracing::warn!(
            client_id = %client.id,
            audience = excerpt(audience),
            "the parameter audience is ignored; send resource with the URL of the API (RFC 8707)"
        );
    }
    let parse = |text: &str| {
        text.parse().map_err(|reason: domain::resource_identifier::InvalidResourceIdentifier| {
            target("resource must be an absolute URI without a fragment").because(ResourceCause::Malformed {
                sent: Quoted::new(text),
                problem: Quoted::new(&reason.to_string()),
            })
        })
    };
    if parameters.all(RESOURCE).count() > MAX_RESOURCES {
        return Err(target("the request names too many resources"));
    }
    parameters.all(RESOURCE).map(parse).collect()
}

fn not_for(client: &Client, resource: &ResourceIdentifier) -> Refusal {
    target("a resource is unknown or not for this client").because(ResourceCause::NotAllowed {
        sent: Quoted::new(&resource.to_string()),
        allowed: quoted(&client.resources.allowed),
        registered_itself: client.registration.is_some(),
    })
}

fn quoted(resources: &BTreeSet<ResourceIdentifier>) -> Vec<Quoted> {
    resources.iter().map(|id| Quoted::new(&id.to_string())).collect()
}

const fn target(description: &'static str) -> Refusal {
    Refusal::new(ErrorCode::InvalidTarget, description)
}

#[cfg(test)]
mod tests;
