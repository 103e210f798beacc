//! Registered resource servers (RFC 9728).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{ClientId, ResourceIdentifier, Scope};

/// A registered resource server (RFC 9728).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// Its identifier, which is also the `aud` of its tokens.
    pub id: ResourceIdentifier,
    /// Its name for people.
    pub name: String,
    /// The scopes that its metadata lists. A client's own scope is in the client's registration.
    pub scope: Scope,
    /// Its documentation for developers.
    pub documentation: Option<String>,
    /// The client that this resource server authenticates as; it may introspect tokens for this resource.
    pub client: Option<ClientId>,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
}
