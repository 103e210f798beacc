//! Documents that clients publish at addresses they registered, such as `jwks_uri` (RFC 7591 §2).

use async_trait::async_trait;
use domain::{ClientId, OutboundUri};

/// Why a document was not fetched: its publisher did not answer well, or the server's policy forbids the address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{uri} was not fetched: {reason}")]
pub struct Unfetched {
    /// The document's address.
    pub uri: OutboundUri,
    /// The reason. It is for the log only, because it describes the server's network.
    pub reason: String,
}

/// Fetches small documents (JSON or a JWT) under the server's policy for outbound requests (SSRF protection).
#[async_trait]
pub trait FetchedDocuments: Send + Sync {
    /// Fetches the document at `uri` that `client` registered. The request accepts `media_type`; the type of the answer is not
    /// checked. Size and time are limited, and so are the requests at once for one client and to one host: slow addresses of
    /// other clients do not delay it. Only addresses that the policy allows are connected to. Redirects are not followed.
    async fn fetch(
        &self,
        client: &ClientId,
        uri: &OutboundUri,
        media_type: &'static str,
    ) -> Result<Vec<u8>, Unfetched>;
}
