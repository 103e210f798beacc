//! Protected resource metadata (RFC 9728): what a client learns about a resource from its well-known address.

use std::sync::Arc;

use domain::scope::OFFLINE_ACCESS;
use domain::{Resource, ResourceIdentifier, scope};
use serde::Serialize;

use crate::context::Context;
use crate::error::Error;
use crate::metadata::path;
use crate::port::Resources;
use crate::settings::Settings;

/// Answers for ourselves and for the registered resources.
pub struct ProtectedResources {
    /// What is registered.
    pub resources: Arc<dyn Resources>,
    /// The issuer and its scopes.
    pub context: Context,
}

/// The document (RFC 9728 §2). What is not known is not there.
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
    /// The document at our well-known address with `path` (and query) behind it, for a request to `host`: that of a
    /// resource there, whose host forwards its well-known address to us; else that of one at our own origin.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn document(&self, host: Option<&str>, path: &str) -> Result<Option<ResourceMetadata>, Error> {
        let candidates = self.candidates(host, path);
        let found = self.resources.find(&candidates).await?;
        let ourselves = self.context.settings.issuer.as_str();
        for candidate in &candidates {
            if candidate.as_str() == ourselves {
                return Ok(Some(self.ourselves()));
            }
            if let Some(resource) = found.iter().find(|resource| resource.id == *candidate) {
                return Ok(Some(self.registered(resource)));
            }
        }
        // Behind a proxy that does not pass the host on, this is still our own address.
        let ours = path.is_empty() && self.context.settings.issuer.path().is_empty();
        Ok(ours.then(|| self.ourselves()))
    }

    /// The identifiers that lead to this address (RFC 9728 §3.1): a slash that ends the host counts for nothing.
    fn candidates(&self, host: Option<&str>, path: &str) -> Vec<ResourceIdentifier> {
        let there = host.into_iter().flat_map(|host| ["https", "http"].map(|it| format!("{it}://{host}")));
        let origins = there.chain([self.context.settings.issuer.origin().to_owned()]);
        let slash = if path.is_empty() || path.starts_with('?') { &["", "/"][..] } else { &[""] };
        origins
            .flat_map(|origin| slash.iter().map(move |slash| format!("{origin}{slash}{path}")))
            .filter_map(|text| text.parse().ok())
            .collect()
    }

    /// Our own document. UserInfo is the resource: it takes the scopes about a person.
    #[must_use]
    pub fn ourselves(&self) -> ResourceMetadata {
        let Settings { issuer, scopes, service_documentation, .. } = &*self.context.settings;
        let about_people = scope::STANDARD.into_iter().filter(|token| *token != OFFLINE_ACCESS);
        ResourceMetadata {
            resource: issuer.to_string(),
            authorization_servers: [issuer.to_string()],
            jwks_uri: Some(issuer.endpoint(path::JWKS)),
            scopes_supported: about_people
                .filter(|token| scopes.contains(token))
                .map(str::to_owned)
                .collect(),
            bearer_methods_supported: &["header", "body"],
            resource_name: "User information".to_owned(),
            resource_documentation: Some(service_documentation.clone()),
        }
    }

    /// Every resource server takes tokens in the header (RFC 6750 §2.1).
    fn registered(&self, resource: &Resource) -> ResourceMetadata {
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
