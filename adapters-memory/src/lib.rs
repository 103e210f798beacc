//! Every store port in maps: the contract's reference, and what fast tests use. Nothing outlives the process.

mod attempts;
mod audit_trail;
mod authorization_codes;
mod authorizations;
mod clients;
mod clock;
mod consents;
mod device_codes;
mod entropy;
mod expired;
mod initial_access_tokens;
mod interactions;
mod logout_notices;
mod opaque_access_tokens;
mod pushed_requests;
mod readiness;
mod refresh_tokens;
mod replay_marks;
mod resources;
mod server_secrets;
mod sessions;
mod set_up_links;
mod signing_keys;
mod state;
mod users;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use application::port::Unavailable;

use state::State;

pub use clock::FixedClock;
pub use entropy::SeededEntropy;

/// All stores in one. A clone is the same store.
///
/// One lock is taken for the whole of each method and never across an await,
/// so each method is one transaction.
#[derive(Clone, Default)]
pub struct MemoryStore {
    state: Arc<Mutex<State>>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No method leaves the maps half changed, so a panic elsewhere does not spoil them.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A random key came up twice: answered like the primary key of a database would.
fn key_taken() -> Unavailable {
    Unavailable { component: "memory", reason: "the key is taken".to_owned() }
}
