//! Limits concurrent outbound requests per client, per host and per node, so
//! that slow addresses of one client delay only requests of that client.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use domain::ClientId;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

/// How many requests of one kind a node sends at once.
pub(super) const MAX_CONCURRENT: usize = 32;
/// How many of them one client may cause.
pub(super) const MAX_PER_CLIENT: usize = 4;
/// How many of them may go to one host. One client cannot use them up.
pub(super) const MAX_PER_HOST: usize = 8;

/// Who shares turns.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Queue {
    Client(ClientId),
    Host(String),
}

/// The turns of one kind of requests.
#[derive(Debug, Clone)]
pub(super) struct Turns {
    node: Arc<Semaphore>,
    /// A queue lives as long as a request of it waits or runs.
    queues: Arc<Mutex<HashMap<Queue, Weak<Semaphore>>>>,
}

/// The right to send one request. It ends when its last clone is dropped: a look-up of a name cannot be stopped, so it keeps a
/// clone until it returns.
#[derive(Debug, Clone)]
pub(super) struct Turn {
    _permits: Arc<[OwnedSemaphorePermit; 3]>,
}

impl Turns {
    pub(super) fn new() -> Self {
        Self { node: Arc::new(Semaphore::new(MAX_CONCURRENT)), queues: Arc::default() }
    }

    /// Waits for a turn of the client, then of the host, then of the node. So a request that waits in a full queue takes no turn
    /// of the node.
    ///
    /// # Errors
    /// None: nothing closes a semaphore here.
    pub(super) async fn take(&self, client: &ClientId, host: &str) -> Result<Turn, AcquireError> {
        let of_client = self.queue(Queue::Client(client.clone()), MAX_PER_CLIENT).acquire_owned().await?;
        let of_host = self.queue(Queue::Host(host.to_owned()), MAX_PER_HOST).acquire_owned().await?;
        let of_node = Arc::clone(&self.node).acquire_owned().await?;
        Ok(Turn { _permits: Arc::new([of_client, of_host, of_node]) })
    }

    fn queue(&self, queue: Queue, size: usize) -> Arc<Semaphore> {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = queues.get(&queue).and_then(Weak::upgrade) {
            return found;
        }
        queues.retain(|_, queue| queue.strong_count() > 0);
        let new = Arc::new(Semaphore::new(size));
        queues.insert(queue, Arc::downgrade(&new));
        new
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn taken(turns: &Turns, client: &str, host: &str) -> Option<Turn> {
        turns.take(&client.parse().unwrap(), host).now_or_never().map(Result::unwrap)
    }

    #[test]
    fn a_client_and_a_host_have_few_turns_and_a_node_has_more() {
        let turns = Turns::new();
        let mut held: Vec<_> =
            (0..MAX_PER_CLIENT).map(|number| taken(&turns, "a", &format!("{number}")).unwrap()).collect();
        assert!(taken(&turns, "a", "another").is_none(), "the client has no more");
        held.extend((0..MAX_PER_HOST).map(|number| taken(&turns, &format!("b{number}"), "slow").unwrap()));
        assert!(taken(&turns, "c", "slow").is_none(), "the host has no more");
        let rest = MAX_CONCURRENT - held.len();
        held.extend(
            (0..rest).map(|number| taken(&turns, &format!("d{number}"), &format!("{number}")).unwrap()),
        );
        assert!(taken(&turns, "e", "e").is_none(), "the node has no more");
        let unfinished = held.pop();
        let lookup = unfinished.clone();
        drop(unfinished);
        assert!(taken(&turns, "e", "e").is_none(), "a look-up still runs");
        drop(lookup);
        assert!(taken(&turns, "e", "e").is_some());
        held.clear();
        assert!(taken(&turns, "a", "slow").is_some());
        assert!(turns.queues.lock().unwrap().len() <= 3, "queues are forgotten");
    }
}
