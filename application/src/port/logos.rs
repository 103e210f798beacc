//! The logos of clients, as pictures that are safe to show (RFC 7591 §2: `logo_uri`).

use std::sync::Arc;

use async_trait::async_trait;
use domain::{ClientId, OutboundUri};

/// A logo that this server drew from the client's file: nothing of that file is in it but colours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// A PNG file of at most 128 × 128 pixels.
    pub png: Arc<[u8]>,
}

/// Fetches, checks and draws logos, and keeps them in memory. It is not a store, so the contract suite has no clauses for it.
#[async_trait]
pub trait Logos: Send + Sync {
    /// The logo at `uri` that `client` registered. None if it cannot be had: its address does not answer well, or is not allowed,
    /// or has no picture that may be shown. The first call for an address waits for the fetch, a few seconds at most; later
    /// calls get the same answer at once, for a while.
    async fn find(&self, client: &ClientId, uri: &OutboundUri) -> Option<Logo>;
}
