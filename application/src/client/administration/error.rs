//! Why an operator's change of a client is refused.

use domain::client::Problems;
use domain::{ClientId, GroupName, ResourceIdentifier};

use crate::error::Error;

/// Why a client is not registered or changed.
#[derive(Debug, thiserror::Error)]
pub enum ClientAdministrationError {
    /// The id is taken.
    #[error("client_id: a client with the id {0} exists already")]
    IdTaken(ClientId),
    /// There is no such client.
    #[error("there is no client with the id {0}")]
    Unknown(ClientId),
    /// The registration is wrong.
    #[error(transparent)]
    Invalid(#[from] Problems),
    /// A resource that is not registered.
    #[error("resources: there is no resource with the identifier {0}; `resource create` registers one")]
    UnknownResource(ResourceIdentifier),
    /// A group that does not exist.
    #[error("allowed_groups: there is no group with the name {0}; `group create` makes one")]
    UnknownGroup(GroupName),
    /// Only a client that authenticates by a secret has one.
    #[error("client_secret: the client has no secret: it is public, or authenticates by private_key_jwt")]
    NoSecret,
    /// Only a client that registered itself has a registration access token.
    #[error("registration_access_token: the client has none, because an operator registered it")]
    NoRegistrationToken,
    /// The caller has not read the client as it is now.
    #[error(
        "the client {0} is not the one that the request names in If-Match or If-None-Match: read it again"
    )]
    Changed(ClientId),
    /// Other changes of the client came first, again and again.
    #[error("the client {0} is being changed by others; try again")]
    Contended(ClientId),
    /// A store or the hashing did not answer.
    #[error(transparent)]
    Failed(#[from] Error),
}
