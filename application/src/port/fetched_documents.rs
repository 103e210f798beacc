//! Documents that clients publish at addresses they registered, such as `jwks_uri` (RFC 7591 §2).

use async_trait::async_trait;
use domain::OutboundUri;

/// Why a document was not got. Nothing of ours failed: it is its publisher's fault, or the address is forbidden.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{uri} was not fetched: {reason}")]
pub struct Unfetched {
    /// The document's address.
    pub uri: OutboundUri,
    /// Why, for the log only: it says what our network looks like from inside.
    pub reason: String,
}

/// Gets small documents (JSON or a JWT) from the open network, under the server's policy for requests of its own.
#[async_trait]
pub trait FetchedDocuments: Send + Sync {
    /// The document at `uri`, asked for as `media_type`, whatever type it is then given. It is bounded in size and time,
    /// comes from an address that the policy allows, and is nobody's redirect.
    async fn fetch(&self, uri: &OutboundUri, media_type: &'static str) -> Result<Vec<u8>, Unfetched>;
}
