//! The logos of clients under addresses of this server: pages load nothing from other hosts.
//!
//! See docs/decisions/outbound-requests.md.

use std::sync::Arc;

use domain::{ClientId, Digest, OutboundUri};

use crate::port::{Clients, Logo, Logos, Unavailable};

/// Shows the logos of clients.
pub struct ClientLogos {
    /// The registered clients.
    pub clients: Arc<dyn Clients>,
    /// Their logos.
    pub logos: Arc<dyn Logos>,
}

impl ClientLogos {
    /// The logo of `client` with this name. None if the client is unknown or disabled, has no logo of this name in any
    /// language now, or the logo cannot be had.
    ///
    /// # Errors
    /// [`Unavailable`] when the store does not answer.
    pub async fn find(&self, client: &ClientId, name: &str) -> Result<Option<Logo>, Unavailable> {
        let client = self.clients.find(client).await?.filter(domain::Client::is_enabled);
        let uri = client.as_ref().and_then(|client| client.logo_uris().find(|uri| logo_name(uri) == name));
        // An address with a fragment or with user information is not fetched.
        match (&client, uri.and_then(|uri| uri.parse::<OutboundUri>().ok())) {
            (Some(client), Some(uri)) => Ok(self.logos.find(&client.id, &uri).await),
            (_, _) => Ok(None),
        }
    }
}

/// The name of the logo at `uri` in addresses of this server: another `logo_uri` has another name, so that browsers do not show the
/// old one.
#[must_use]
pub fn logo_name(uri: &str) -> String {
    Digest::of(uri.as_bytes()).to_base64url()
}
