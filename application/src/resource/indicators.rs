//! Resource indicators (RFC 8707): which resources a request may name, and which its tokens are for.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::{Audience, Authorization, Client, ClientId, ErrorCode, Issuer, Resource, ResourceIdentifier};

use crate::error::{Error, Refusal};
use crate::parameters::Parameters;
use crate::port::Resources;

/// The only parameter that may be repeated (RFC 8707 §2).
const RESOURCE: &str = "resource";

/// Judges the `resource` parameters of every endpoint. A request without one asks no store.
pub struct ResourceIndicators {
    /// What is registered.
    pub resources: Arc<dyn Resources>,
    /// Who we are; our own resource, which every client may name.
    pub issuer: Issuer,
}

/// A resource as users see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedResource {
    /// Its identifier.
    pub id: ResourceIdentifier,
    /// What its operator calls it; none for ourselves, and for one that has just been deleted.
    pub name: Option<String>,
}

impl ResourceIndicators {
    /// The resources that a request of `client` names, each registered and allowed to it. None if it names none.
    ///
    /// # Errors
    /// `invalid_target` (RFC 8707 §2); whether a resource is unknown or not for this client is not told.
    pub async fn allowed(
        &self,
        client: &Client,
        parameters: &Parameters,
    ) -> Result<BTreeSet<ResourceIdentifier>, Error> {
        let requested = requested(parameters)?;
        if let Some(other) = requested.iter().find(|resource| !client.may_name(resource, &self.issuer)) {
            return Err(not_for(client, other).into());
        }
        let found = self.registered(&requested).await?;
        let is_known = |id: &&ResourceIdentifier| {
            id.as_str() == self.issuer.as_str() || found.iter().any(|resource| resource.id == **id)
        };
        match requested.iter().find(|id| !is_known(id)) {
            Some(unknown) => Err(not_for(client, unknown).into()),
            None => Ok(requested),
        }
    }

    /// The resources of one token: those that the token request names, else all that were granted. It may only name
    /// what its token would be for if it named none (RFC 8707 §2.2).
    ///
    /// # Errors
    /// `invalid_target` for any other, and when nothing of what was granted is allowed to the client any more.
    pub fn narrowed(
        &self,
        client: &Client,
        granted: &Authorization,
        parameters: &Parameters,
    ) -> Result<BTreeSet<ResourceIdentifier>, Refusal> {
        let allowed: BTreeSet<_> =
            granted.resources.iter().filter(|id| client.may_name(id, &self.issuer)).cloned().collect();
        if allowed.is_empty() && !granted.resources.is_empty() {
            // Never the default audience instead: the user agreed to other resources.
            return Err(target("nothing of the granted resources is allowed any more"));
        }
        let requested = requested(parameters)?;
        if requested.is_empty() {
            return Ok(allowed);
        }
        let widest = Audience::of(&allowed, client, &self.issuer, &granted.scope);
        match requested.iter().find(|id| !widest.contains(id.as_str())) {
            Some(other) => Err(target("a resource is not among those that were granted")
                .because(format!("{other} was not granted to {}", client.id))),
            None => Ok(requested),
        }
    }

    /// What users are told about these resources.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn named(&self, ids: BTreeSet<ResourceIdentifier>) -> Result<Vec<NamedResource>, Error> {
        let found = self.registered(&ids).await?;
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
        let found = self.registered(&ids).await?;
        Ok(found.iter().any(|resource| resource.client.as_ref() == Some(client)))
    }

    /// Those that are registered. We are not: to look for ourselves costs nothing.
    async fn registered(&self, ids: &BTreeSet<ResourceIdentifier>) -> Result<Vec<Resource>, Error> {
        let others = ids.iter().filter(|id| id.as_str() != self.issuer.as_str());
        let others: Vec<_> = others.cloned().collect();
        if others.is_empty() { Ok(Vec::new()) } else { Ok(self.resources.find(&others).await?) }
    }
}

fn requested(parameters: &Parameters) -> Result<BTreeSet<ResourceIdentifier>, Refusal> {
    let malformed = |reason: domain::resource::InvalidResourceIdentifier| {
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
