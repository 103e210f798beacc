//! `none`: a public client only sends its id. PKCE and its redirect URIs protect it (RFC 6749 §2.1).

use domain::Client;

use crate::error::Refusal;

/// Accepts a public client.
pub(super) fn verify(client: &Client) -> Result<(), Refusal> {
    if client.is_public() { Ok(()) } else { Err(Refusal::invalid_client("the client is not public")) }
}
