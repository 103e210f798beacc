//! `none`: a public client only names itself; PKCE and its redirect URI protect it (RFC 6749 §2.1).

use domain::Client;

use crate::error::Refusal;

/// Admits a public client.
pub(super) fn prove(client: &Client) -> Result<(), Refusal> {
    if client.is_public() { Ok(()) } else { Err(Refusal::invalid_client("the client is not public")) }
}
