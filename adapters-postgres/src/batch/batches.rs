//! The entrance: a request goes into its queue, and the caller waits for the reply.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::loader::Loader;
pub(crate) use super::queue::Failure;
use super::queue::{Queues, Request};
use super::worker::Worker;

/// Collects requests into batches. A clone shares the queues.
#[derive(Debug)]
pub(crate) struct Batches<L: Loader> {
    loader: Arc<L>,
    queues: Arc<Mutex<Queues<L>>>,
}

impl<L: Loader> Clone for Batches<L> {
    fn clone(&self) -> Self {
        Self { loader: Arc::clone(&self.loader), queues: Arc::clone(&self.queues) }
    }
}

impl<L: Loader> Batches<L> {
    pub(crate) fn new(loader: L) -> Self {
        Self { loader: Arc::new(loader), queues: Arc::new(Mutex::new(Queues::new())) }
    }

    /// The reply of the statement to this key, from a batch that begins after this call.
    ///
    /// # Errors
    /// [`Failure`]: of a change it is then not known whether it was made.
    pub(crate) async fn request(
        &self,
        statement: L::Statement,
        key: L::Key,
    ) -> Result<Option<L::Reply>, Failure<L::Error>> {
        let (reply, replied) = oneshot::channel();
        let sharing = self.loader.sharing(statement);
        let needs_worker = lock(&self.queues).push(statement, sharing, Request { key, reply });
        if needs_worker {
            // In its own task: other callers wait for it, so it must not end when the caller that started it is cancelled.
            let worker = Worker::new(Arc::clone(&self.loader), Arc::clone(&self.queues), statement);
            tokio::spawn(worker.run());
        }
        replied.await.unwrap_or(Err(Failure::Abandoned))
    }
}

fn lock<L: Loader>(queues: &Mutex<Queues<L>>) -> MutexGuard<'_, Queues<L>> {
    queues.lock().unwrap_or_else(PoisonError::into_inner)
}
