//! Posting logout tokens to clients (OpenID Connect Back-Channel Logout 1.0 §2.5).

use application::port::{Delivery, LogoutReceivers};
use async_trait::async_trait;
use domain::logout::LogoutUri;
use domain::{ClientId, Secret};

use super::OutboundClient;

#[async_trait]
impl LogoutReceivers for OutboundClient {
    #[tracing::instrument(name = "logout_receivers.notify", skip_all)]
    async fn notify(&self, client: &ClientId, uri: &LogoutUri, logout_token: &Secret) -> Delivery {
        match self.post_form(client, uri.outbound(), &[("logout_token", logout_token.expose())]).await {
            // 204 is what some frameworks answer for an empty 200 (§2.8).
            Ok(200 | 204) => Delivery::Accepted,
            Ok(status @ 400..=499) => Delivery::Refused(format!("the response has the status {status}")),
            Ok(status) => Delivery::Failed(format!("the response has the status {status}")),
            Err(error) => Delivery::Failed(error.to_string()),
        }
    }
}
