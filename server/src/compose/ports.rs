//! The ports of a node: its stores, and what it does on its own machine and on the network.

use std::sync::Arc;

use adapters_http::outbound::{CachedLogos, OutboundClient};
use application::port::{Clock, Entropy, Passwords, Ports, Stores};

use crate::computations::OneAtATime;

/// The ports on these stores. Documents are fetched and logout tokens delivered by `outbound`.
#[must_use]
pub fn ports(
    stores: Stores,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    passwords: Arc<dyn Passwords>,
    outbound: Arc<OutboundClient>,
) -> Ports {
    Ports {
        stores,
        passwords,
        computations: Arc::new(OneAtATime::default()),
        // A slow answer to a request for a request object delays no request for a key set.
        request_documents: Arc::new(outbound.with_own_turns()),
        fetched_documents: outbound.clone(),
        logos: Arc::new(CachedLogos::new(&outbound, clock.clone())),
        logout_receivers: outbound,
        mail_sender: None,
        clock,
        entropy,
    }
}
