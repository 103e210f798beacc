//! Why an operator's registration of a client is refused.

use domain::subject::NoSector;
use domain::{ClientId, ResourceIdentifier};

use crate::error::{Error, Refusal};

/// Why a client is not registered or changed.
#[derive(Debug, thiserror::Error)]
pub enum ClientAdministrationError {
    /// The id is taken.
    #[error("a client with the id {0} exists already")]
    IdTaken(ClientId),
    /// There is no such client.
    #[error("there is no client with the id {0}")]
    Unknown(ClientId),
    /// A scope that does not exist on this server.
    #[error(
        "the scope {0} does not exist here; the setting scopes lists what exists beside the standard ones"
    )]
    Scope(String),
    /// A resource that is not registered.
    #[error("there is no resource with the identifier {0}; `resource create` registers one")]
    Resource(ResourceIdentifier),
    /// A default that the client may not ask for.
    #[error("the default resource must be one of the resources the client may ask for")]
    DefaultResource,
    /// Nothing to redirect to.
    #[error("a client of the authorization_code grant needs a redirect URI")]
    RedirectUriMissing,
    /// Anybody could be a public client.
    #[error("a public client cannot use the client_credentials grant")]
    PublicClientCredentials,
    /// Anybody could collect passwords in its name.
    #[error("a public client cannot use the password grant")]
    PublicPassword,
    /// Anybody could be the tool that administers this server.
    #[error("a public client cannot be administrative")]
    PublicAdministrative,
    /// It could make of itself whatever it likes, with the powers of an operator.
    #[error("a client that manages its own registration cannot be administrative")]
    SelfRegisteredAdministrative,
    /// Only a client that authenticates by a secret has one.
    #[error("the client has no secret: it is public, or authenticates by private_key_jwt")]
    NoSecret,
    /// None of the keys could ever verify an assertion.
    #[error("none of the keys is one for signatures: RSA of 2048 to 8192 bits, P-256, P-384 or Ed25519")]
    Keys,
    /// The keys are somewhere where this server does not fetch them.
    #[error(
        "the keys must be at an https URI; http to this machine needs the setting outbound_allow_private"
    )]
    KeysUri,
    /// Whoever announces signed requests has to say what they are verified with.
    #[error("a client that signs its requests needs public keys")]
    RequestKeysMissing,
    /// Its requests are somewhere where this server does not fetch them.
    #[error(
        "a request_uri must be an https URI; http to this machine needs the setting outbound_allow_private"
    )]
    RequestUri,
    /// A chosen secret that is too short.
    #[error("a chosen client secret needs 16 to 1024 bytes; leave it out to have one generated")]
    SecretLength,
    /// An address that is no https URL.
    #[error("{0} must be an https URL")]
    Link(&'static str),
    /// A page of another site would be framed in the client's name (Front-Channel Logout §2).
    #[error("the front-channel logout URI must have the scheme, host and port of a redirect URI")]
    FrontchannelLogout,
    /// Its users would have no names.
    #[error(transparent)]
    Sector(#[from] NoSector),
    /// The list of its sector is somewhere where this server does not look.
    #[error(
        "the sector identifier must be an https URI; http to this machine needs the setting outbound_allow_private"
    )]
    SectorUri,
    /// Others changed the client again and again in the meantime.
    #[error("the client {0} is being changed by others; try again")]
    Contended(ClientId),
    /// The document is wrong.
    #[error("{}", .0.description)]
    Invalid(#[from] Refusal),
    /// A store or the hashing did not answer.
    #[error(transparent)]
    Failed(#[from] Error),
}
