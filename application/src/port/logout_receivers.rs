//! The back-channel logout endpoints of clients (OpenID Connect Back-Channel Logout 1.0 §2.5, §2.8).

use async_trait::async_trait;
use domain::Secret;
use domain::logout::LogoutUri;

/// What a client answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// 200 or 204: it has ended its sessions.
    Accepted,
    /// 400: it does not accept this token, nor will it the next one.
    Refused,
    /// Any other answer, or none: it may work later.
    Failed(String),
}

/// Tells clients of a logout. Not a store: there is no contract suite for it.
#[async_trait]
pub trait LogoutReceivers: Send + Sync {
    /// Posts a logout token to a client's address, once, and waits for the answer for less than
    /// [`LONGEST_DELIVERY_SECONDS`].
    async fn notify(&self, uri: &LogoutUri, logout_token: &Secret) -> Delivery;
}

/// By when an attempt has ended, one way or the other.
pub const LONGEST_DELIVERY_SECONDS: i64 = 30;
