//! Protected resource metadata (RFC 9728): a document about each resource, at its well-known address.

use std::sync::Arc;

use domain::scope::OFFLINE_ACCESS;
use domain::{Resource, ResourceIdentifier, scope};
use serde::Serialize;

use crate::context::Context;
use crate::error::Error;
use crate::metadata::path;
use crate::port::Resources;
use crate::settings::Settings;

/// The metadata of this server and of the registered resources.
pub struct ProtectedResources {
    /// The registered resources.
    pub resources: Arc<dyn Resources>,
    /// The issuer and its scopes.
    pub context: Context,
}

/// The document (RFC 9728 §2). Unknown members are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResourceMetadata {
    resource: String,
    authorization_servers: [String; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    jwks_uri: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    scopes_supported: Vec<String>,
    bearer_methods_supported: &'static [&'static str],
    resource_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_documentation: Option<String>,
}

impl ProtectedResources {
    /// The document for a request to `host` at the well-known address followed by `path` and query. First, a resource at
    /// this host, which forwards its well-known address to this server; then a resource at this server's own origin.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn document(&self, host: Option<&str>, path: &str) -> Result<Option<ResourceMetadata>, Error> {
        let candidates = self.candidates(host, path);
        let found = self.resources.find(&candidates).await?;
        let issuer = ResourceIdentifier::from(&self.context.settings.issuer);
        for candidate in &candidates {
            if *candidate == issuer {
                return Ok(Some(self.issuer_document()));
            }
            if let Some(resource) = found.iter().find(|resource| resource.id == *candidate) {
                return Ok(Some(self.resource_document(resource)));
            }
        }
        // A proxy may change the host; this is still the address of this server.
        let is_issuer = path.is_empty() && self.context.settings.issuer.path().is_empty();
        Ok(is_issuer.then(|| self.issuer_document()))
    }

    /// The identifiers with this well-known address (RFC 9728 §3.1).
    fn candidates(&self, host: Option<&str>, path: &str) -> Vec<ResourceIdentifier> {
        let at_host = host.into_iter().flat_map(|host| ["https", "http"].map(|it| format!("{it}://{host}")));
        let origins = at_host.chain([self.context.settings.issuer.origin().to_owned()]);
        origins.filter_map(|origin| format!("{origin}{path}").parse().ok()).collect()
    }

    /// The document of this server. Its resource is UserInfo, which takes the scopes about a user.
    #[must_use]
    pub fn issuer_document(&self) -> ResourceMetadata {
        let Settings { issuer, scopes, service_documentation, .. } = &*self.context.settings;
        let about_users = scope::STANDARD.into_iter().filter(|token| *token != OFFLINE_ACCESS);
        ResourceMetadata {
            resource: issuer.to_string(),
            authorization_servers: [issuer.to_string()],
            jwks_uri: Some(issuer.endpoint(path::JWKS)),
            scopes_supported: about_users.filter(|token| scopes.contains(token)).map(str::to_owned).collect(),
            bearer_methods_supported: &["header", "body"],
            resource_name: "User information".to_owned(),
            resource_documentation: Some(service_documentation.clone()),
        }
    }

    /// The document of a registered resource. Every resource server takes tokens in the header (RFC 6750 §2.1).
    fn resource_document(&self, resource: &Resource) -> ResourceMetadata {
        ResourceMetadata {
            resource: resource.id.to_string(),
            authorization_servers: [self.context.settings.issuer.to_string()],
            jwks_uri: None,
            scopes_supported: resource.scope.iter().map(str::to_owned).collect(),
            bearer_methods_supported: &["header"],
            resource_name: resource.name.clone(),
            resource_documentation: resource.documentation.clone(),
        }
    }
}
