//! The back-channel logout endpoints of clients (OpenID Connect Back-Channel Logout 1.0 §2.5, §2.8).

use async_trait::async_trait;
use domain::logout::LogoutUri;
use domain::{ClientId, Secret};

/// The answer of a receiver: of a client to a logout token, of the operator's server to a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// The receiver has it. From a client that is 200 or 204: it has ended its sessions.
    Accepted,
    /// The receiver does not accept it, and would not accept it later. From a client that is any status of the class 4xx, such as the
    /// 400 of §2.8. The text is for the log.
    Refused(String),
    /// Any other answer, or none: a later attempt may succeed.
    Failed(String),
}

/// Delivers logout tokens to clients. It is not a store, so the contract suite has no clauses for it.
#[async_trait]
pub trait LogoutReceivers: Send + Sync {
    /// Posts a logout token to the address of `client`, once. It waits for its turn and for the answer for less than
    /// [`DELIVERY_TIMEOUT_SECONDS`] together. Slow addresses of other clients do not delay it.
    async fn notify(&self, client: &ClientId, uri: &LogoutUri, logout_token: &Secret) -> Delivery;
}

/// The timeout of one delivery, in seconds.
pub const DELIVERY_TIMEOUT_SECONDS: i64 = 30;
