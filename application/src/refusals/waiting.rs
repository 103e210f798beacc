//! The refusals that wait to be recorded. No answer waits for a store.

use std::collections::VecDeque;
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::{ErrorReference, KeptRefusal};
use tokio::sync::Notify;

/// How many refusals wait for the end of their request. The oldest make room: their requests were given up.
const MAX_OPEN: usize = 512;
/// How many refusals wait to be recorded, and how many of one network. Further ones are in the log alone.
const MAX_WAITING: usize = 1_024;
const MAX_WAITING_OF_NETWORK: usize = 256;

/// Refusals in memory.
#[derive(Debug, Default)]
pub struct Waiting {
    queue: Mutex<Queue>,
    arrived: Notify,
    /// Held while what waited is recorded.
    pub(super) turn: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Queue {
    /// Without their endpoint and their network.
    open: VecDeque<KeptRefusal>,
    complete: Vec<KeptRefusal>,
}

impl Waiting {
    /// Keeps a refusal until its request is answered.
    pub(super) fn open(&self, refusal: KeptRefusal) {
        let mut queue = self.queue();
        if queue.open.len() >= MAX_OPEN {
            queue.open.pop_front();
        }
        queue.open.push_back(refusal);
    }

    /// Completes the refusal under this reference; nothing, if it is complete already or was given up.
    pub(super) fn complete(&self, reference: &ErrorReference, endpoint: String, network: String) {
        let mut queue = self.queue();
        let place = queue.open.iter().rposition(|refusal| refusal.reference == *reference);
        if let Some(refusal) = place.and_then(|place| queue.open.remove(place)) {
            let of_network = queue.complete.iter().filter(|waiting| waiting.network == network).count();
            if queue.complete.len() < MAX_WAITING && of_network < MAX_WAITING_OF_NETWORK {
                queue.complete.push(KeptRefusal { endpoint, network, ..refusal });
                self.arrived.notify_one();
            }
        }
    }

    /// Waits for something to record.
    pub(super) async fn arrived(&self) {
        self.arrived.notified().await;
    }

    /// What is complete.
    pub(super) fn take(&self) -> Vec<KeptRefusal> {
        mem::take(&mut self.queue().complete)
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
