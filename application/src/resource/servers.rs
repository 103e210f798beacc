//! Administering resource servers (RFC 8707, RFC 9728): the resources that clients may request tokens for.

use std::sync::Arc;

use chrono::Duration;
use domain::client::AccessTokenTyp;
use domain::{AuditEvent, Author, Changes, ClientId, Incarnation, Resource, ResourceIdentifier, Scope};
use serde_json::{Map, Value};

use crate::context::Context;
use crate::error::Error;
use crate::port::{AmendedResource, Clients, RegisteredResource, Resources};

/// How many clients are read at once.
const PAGE_SIZE: u32 = 500;
/// How long a deletion is remembered at least: longer than the longest lifetime that the settings allow, because what was given
/// may have its lifetime from earlier settings.
const DELETION_KEPT: Duration = Duration::days(400);

/// Administers resource servers.
pub struct ResourceAdministration {
    /// The resource servers.
    pub resources: Arc<dyn Resources>,
    /// The clients that may request tokens for them.
    pub clients: Arc<dyn Clients>,
    /// The issuer and the scopes that exist.
    pub context: Context,
}

/// A resource server to be registered.
#[derive(Debug, Clone)]
pub struct NewResource {
    /// Its identifier.
    pub id: ResourceIdentifier,
    /// Its name for users; its identifier if none.
    pub name: Option<String>,
    /// The scopes that it declares: its tokens have no others. Without any, its tokens have what an operator gave the client.
    pub scope: Scope,
    /// The scope of a request that names none, if the client has no default either.
    pub default_scope: Scope,
    /// Whether every client that registered itself may request it, with the scopes that it declares.
    pub for_registered_clients: bool,
    /// The `typ` of its access tokens.
    pub access_token_typ: AccessTokenTyp,
    /// The URL of its documentation for developers.
    pub documentation: Option<String>,
    /// The client that is this resource server.
    pub client: Option<ClientId>,
}

/// What is to be changed of a resource server; the rest stays as it is.
#[derive(Debug, Clone, Default)]
pub struct ResourceChange {
    /// Its name; an empty one is its identifier.
    pub name: Option<String>,
    /// The scopes that it declares.
    pub scope: Option<Scope>,
    /// The scope of a request that names none.
    pub default_scope: Option<Scope>,
    /// Whether every client that registered itself may request it.
    pub for_registered_clients: Option<bool>,
    /// The `typ` of its access tokens.
    pub access_token_typ: Option<AccessTokenTyp>,
    /// The URL of its documentation, or none.
    pub documentation: Option<Option<String>>,
    /// The client that is this resource server, or none.
    pub client: Option<Option<ClientId>>,
}

/// Why a resource server is not registered, changed or deleted.
#[derive(Debug, thiserror::Error)]
pub enum ResourceError {
    /// The identifier is taken.
    #[error("a resource with the identifier {0} is registered already")]
    Taken(ResourceIdentifier),
    /// The identifier is the issuer of this server.
    #[error("{0} is this server itself, which needs no registration")]
    Ourselves(ResourceIdentifier),
    /// No resource has this identifier.
    #[error("resource not found: {0}")]
    Unknown(ResourceIdentifier),
    /// The client is not registered.
    #[error("client not found: {0}")]
    NoSuchClient(ClientId),
    /// A scope that does not exist on this server.
    #[error("unknown scope: {0}; add it to the setting scopes first")]
    Scope(String),
    /// A default scope that the resource does not declare.
    #[error("the default scope {0} is not among the scopes of the resource")]
    DefaultScope(String),
    /// The documentation has no https URL.
    #[error("the documentation must be at an https URL")]
    Documentation,
    /// Clients may still request it.
    #[error("these clients may still request {id}: {}; change them first", .clients.join(", "))]
    InUse {
        /// The resource.
        id: ResourceIdentifier,
        /// The clients' ids.
        clients: Vec<String>,
    },
    /// The store did not answer.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl ResourceAdministration {
    /// Registers a resource server.
    ///
    /// # Errors
    /// [`ResourceError`]; then nothing is registered.
    pub async fn register(
        &self,
        new: NewResource,
        author: impl Into<Author> + Send,
    ) -> Result<Resource, ResourceError> {
        if new.id == ResourceIdentifier::from(&self.context.settings.issuer) {
            return Err(ResourceError::Ourselves(new.id));
        }
        let now = self.context.now();
        let resource = Resource {
            name: new.name.unwrap_or_else(|| new.id.to_string()),
            id: new.id,
            incarnation: Incarnation::from_random(self.context.entropy.bytes()),
            scope: new.scope,
            default_scope: new.default_scope,
            for_registered_clients: new.for_registered_clients,
            access_token_typ: new.access_token_typ,
            documentation: new.documentation,
            client: new.client,
            created_at: now,
        };
        self.check(&resource)?;
        let changes = Changes::new_object(&members(&resource));
        let event = AuditEvent::new(now, author, "resource.create", &resource.id).with_changes(changes);
        match (self.resources.register(&resource, &event).await.map_err(Error::from)?, &resource.client) {
            (RegisteredResource::Done, _) => Ok(resource),
            (RegisteredResource::NoSuchClient, Some(client)) => {
                Err(ResourceError::NoSuchClient(client.clone()))
            }
            (RegisteredResource::Taken | RegisteredResource::NoSuchClient, _) => {
                Err(ResourceError::Taken(resource.id))
            }
        }
    }

    /// Changes a resource server. New tokens have what it says from then on. No change that another request makes at the same
    /// moment is lost.
    ///
    /// # Errors
    /// [`ResourceError`]; then nothing is changed.
    pub async fn update(
        &self,
        id: &ResourceIdentifier,
        change: &ResourceChange,
        author: impl Into<Author> + Send,
    ) -> Result<Resource, ResourceError> {
        let author = author.into();
        loop {
            let before = self.show(id).await?;
            let after = change.applied_to(before.clone());
            self.check(&after)?;
            let changes = Changes::between(&members(&before), &members(&after));
            let event = AuditEvent::new(self.context.now(), author.clone(), "resource.update", &before.id);
            let event = event.with_changes(changes);
            let amended = self.resources.amend(&before, &after, &event).await.map_err(Error::from)?;
            match (amended, &after.client) {
                (AmendedResource::Done, _) => return Ok(after),
                (AmendedResource::NoSuchClient, Some(client)) => {
                    return Err(ResourceError::NoSuchClient(client.clone()));
                }
                (AmendedResource::Outdated | AmendedResource::NoSuchClient, _) => {}
            }
        }
    }

    fn check(&self, resource: &Resource) -> Result<(), ResourceError> {
        let scopes = &self.context.settings.scopes;
        let named = resource.scope.union(&resource.default_scope);
        if let Some(unknown) = named.iter().find(|token| !scopes.contains(token)) {
            return Err(ResourceError::Scope(unknown.to_owned()));
        }
        let is_declared = |token: &&str| resource.scope.is_empty() || resource.scope.contains(token);
        if let Some(undeclared) = resource.default_scope.iter().find(|token| !is_declared(token)) {
            return Err(ResourceError::DefaultScope(undeclared.to_owned()));
        }
        let is_https = |link: &str| url::Url::parse(link).is_ok_and(|url| url.scheme() == "https");
        if !resource.documentation.as_deref().is_none_or(is_https) {
            return Err(ResourceError::Documentation);
        }
        Ok(())
    }

    /// Finds the resource server with this identifier.
    ///
    /// # Errors
    /// [`ResourceError::Unknown`] if there is none.
    pub async fn show(&self, id: &ResourceIdentifier) -> Result<Resource, ResourceError> {
        let found = self.resources.find(std::slice::from_ref(id)).await.map_err(Error::from)?;
        found.into_iter().next().ok_or_else(|| ResourceError::Unknown(id.clone()))
    }

    /// Deletes a resource server that no client may request any more. So no client names a deleted one, and no request has
    /// to check that its default audience still exists. What was given for it is revoked.
    ///
    /// # Errors
    /// [`ResourceError::InUse`] names the clients; [`ResourceError::Unknown`] if there is none.
    pub async fn delete(
        &self,
        id: &ResourceIdentifier,
        author: impl Into<Author> + Send,
    ) -> Result<(), ResourceError> {
        let clients = self.clients_with(id).await?;
        if !clients.is_empty() {
            return Err(ResourceError::InUse { id: id.clone(), clients });
        }
        let now = self.context.now();
        let event = AuditEvent::new(now, author, "resource.delete", id);
        let forget_at = now + self.context.settings.lifetimes.longest_grant().max(DELETION_KEPT);
        if self.resources.delete(id, forget_at, &event).await.map_err(Error::from)? {
            Ok(())
        } else {
            Err(ResourceError::Unknown(id.clone()))
        }
    }

    /// Up to `limit` resource servers in the order of their identifiers, from the one after `after` on.
    ///
    /// # Errors
    /// [`ResourceError::Failed`] only.
    pub async fn list(
        &self,
        after: Option<&ResourceIdentifier>,
        limit: u32,
    ) -> Result<Vec<Resource>, ResourceError> {
        Ok(self.resources.list(after, limit).await.map_err(Error::from)?)
    }

    async fn clients_with(&self, id: &ResourceIdentifier) -> Result<Vec<String>, Error> {
        let mut found = Vec::new();
        let mut after = None;
        loop {
            let page = self.clients.list(after.as_ref(), PAGE_SIZE).await?;
            let Some(last) = page.last() else {
                return Ok(found);
            };
            after = Some(last.id.clone());
            let matching = page.iter().filter(|client| client.resources.allowed.contains(id));
            found.extend(matching.map(|client| client.id.to_string()));
        }
    }
}

/// What an operator sees of a resource, for the audit trail.
fn members(resource: &Resource) -> Map<String, Value> {
    match serde_json::to_value(resource) {
        Ok(Value::Object(members)) => members,
        Ok(_) | Err(_) => Map::new(),
    }
}

impl ResourceChange {
    fn applied_to(&self, before: Resource) -> Resource {
        let change = self.clone();
        let name = change.name.map(|name| if name.is_empty() { before.id.to_string() } else { name });
        Resource {
            name: name.unwrap_or(before.name),
            scope: change.scope.unwrap_or(before.scope),
            default_scope: change.default_scope.unwrap_or(before.default_scope),
            for_registered_clients: change.for_registered_clients.unwrap_or(before.for_registered_clients),
            access_token_typ: change.access_token_typ.unwrap_or(before.access_token_typ),
            documentation: change.documentation.unwrap_or(before.documentation),
            client: change.client.unwrap_or(before.client),
            ..before
        }
    }
}
