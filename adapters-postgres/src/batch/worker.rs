//! The task that empties a queue, batch by batch.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::yield_now;
use tokio::time::timeout;

use super::loader::{Loader, Part, Sharing};
use super::queue::{Batch, Failure, Queues, Request, RequestsOf};

/// How long a batch may take in total, with its waits. Callers must not wait for ever for a lost batch.
pub(super) const BATCH_TIMEOUT: Duration = Duration::from_secs(16);
/// How long the next batch waits for the one before it, so that more requests share it.
pub(super) const PREVIOUS_BATCH_TIMEOUT: Duration = Duration::from_millis(20);

/// Empties the queue of one statement. If it ends early, its callers get an error, and the next request starts
/// another worker.
pub(super) struct Worker<L: Loader> {
    loader: Arc<L>,
    queues: Arc<Mutex<Queues<L>>>,
    statement: L::Statement,
    has_finished: bool,
}

impl<L: Loader> Worker<L> {
    pub(super) const fn new(loader: Arc<L>, queues: Arc<Mutex<Queues<L>>>, statement: L::Statement) -> Self {
        Self { loader, queues, statement, has_finished: false }
    }

    /// Sends batches until no request waits.
    pub(super) async fn run(mut self) {
        loop {
            // Requests that other tasks are about to make come along.
            yield_now().await;
            let batch = self.queues().next_batch(self.statement);
            let Some(batch) = batch else {
                self.has_finished = true;
                return;
            };
            let sent = tokio::spawn(send(Arc::clone(&self.loader), batch));
            // A batch that takes longer does not hold up the next.
            let _slow = timeout(PREVIOUS_BATCH_TIMEOUT, sent).await;
        }
    }

    fn queues(&self) -> MutexGuard<'_, Queues<L>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<L: Loader> Drop for Worker<L> {
    fn drop(&mut self) {
        if !self.has_finished {
            self.queues().abandon(self.statement);
        }
    }
}

/// Loads a batch and sends each request its reply.
async fn send<L: Loader>(loader: Arc<L>, Batch { main, companion }: Batch<L>) {
    let is_change = loader.sharing(main.statement) == Sharing::Change;
    let loaded = timeout(BATCH_TIMEOUT, async {
        match load(&*loader, &main, companion.as_ref()).await {
            Err(error) if loader.may_retry(&error, is_change) => {
                load(&*loader, &main, companion.as_ref()).await
            }
            loaded => loaded,
        }
    });
    let loaded = loaded.await.map(|loaded| loaded.map_err(Arc::new));
    let companions = companion.map(|companion| companion.requests).unwrap_or_default();
    let requests = main.requests.into_iter().chain(companions);
    match loaded {
        Ok(Ok(replies)) => {
            for (Request { reply, .. }, found) in requests.zip(replies) {
                let _gone = reply.send(Ok(found));
            }
        }
        Ok(Err(error)) => {
            for Request { reply, .. } in requests {
                let _gone = reply.send(Err(Failure::Load(Arc::clone(&error))));
            }
        }
        Err(_elapsed) => {
            for Request { reply, .. } in requests {
                let _gone = reply.send(Err(Failure::Abandoned));
            }
        }
    }
}

/// The reply to each request: first of the statement, then of the companion.
async fn load<L: Loader>(
    loader: &L,
    main: &RequestsOf<L>,
    companion: Option<&RequestsOf<L>>,
) -> Result<Vec<Option<L::Reply>>, L::Error> {
    let mut parts = Vec::with_capacity(2);
    let mut places = Vec::with_capacity(main.requests.len());
    for RequestsOf { statement, requests } in [Some(main), companion].into_iter().flatten() {
        let before: usize = parts.iter().map(|part: &Part<'_, _, _>| part.keys.len()).sum();
        let (keys, places_of_part) = if loader.sharing(*statement) == Sharing::Change {
            (requests.iter().map(|request| &request.key).collect(), (0..requests.len()).collect())
        } else {
            distinct(requests)
        };
        places.extend(places_of_part.into_iter().map(|place| before + place));
        parts.push(Part { statement: *statement, keys });
    }
    let replies = loader.load(&parts).await?;
    Ok(places.into_iter().map(|place| replies.get(place).cloned().flatten()).collect())
}

/// The keys without repetition, and the place of each request's key among them.
fn distinct<L: Loader>(requests: &[Request<L>]) -> (Vec<&L::Key>, Vec<usize>) {
    let mut known = HashMap::with_capacity(requests.len());
    let (mut keys, mut places) = (Vec::new(), Vec::with_capacity(requests.len()));
    for Request { key, .. } in requests {
        let place = *known.entry(key).or_insert(keys.len());
        if place == keys.len() {
            keys.push(key);
        }
        places.push(place);
    }
    (keys, places)
}
