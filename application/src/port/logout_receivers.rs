//! The back-channel logout endpoints of clients (OpenID Connect Back-Channel Logout 1.0 §2.5, §2.8).

use async_trait::async_trait;
use domain::Secret;
use domain::logout::LogoutUri;

/// The answer of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// 200 or 204: the client has ended its sessions.
    Accepted,
    /// 400: the client does not accept the token. It would not accept the next one either.
    Refused,
    /// Any other answer, or none: a later attempt may succeed.
    Failed(String),
}

/// Delivers logout tokens to clients. It is not a store, so the contract suite has no clauses for it.
#[async_trait]
pub trait LogoutReceivers: Send + Sync {
    /// Posts a logout token to a client's address, once. It waits for the answer for less than
    /// [`DELIVERY_TIMEOUT_SECONDS`].
    async fn notify(&self, uri: &LogoutUri, logout_token: &Secret) -> Delivery;
}

/// The timeout of one delivery, in seconds.
pub const DELIVERY_TIMEOUT_SECONDS: i64 = 30;
