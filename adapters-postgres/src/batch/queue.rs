//! Requests that wait, by statement, and the choice of those that go into the next batch.

use std::sync::Arc;

use tokio::sync::oneshot;

use super::loader::{Loader, Sharing};

/// How many requests for one statement share a batch.
pub(super) const MAX_REQUESTS: usize = 64;

/// Why there is no reply.
#[derive(Debug)]
pub(crate) enum Failure<Error> {
    /// The whole batch failed.
    Load(Arc<Error>),
    /// It took too long, or the process is ending.
    Abandoned,
}

pub(super) type Answer<L> = Result<Option<<L as Loader>::Reply>, Failure<<L as Loader>::Error>>;

#[derive(Debug)]
pub(super) struct Request<L: Loader> {
    pub(super) key: L::Key,
    pub(super) reply: oneshot::Sender<Answer<L>>,
}

/// Requests for one statement.
#[derive(Debug)]
pub(super) struct RequestsOf<L: Loader> {
    pub(super) statement: L::Statement,
    pub(super) requests: Vec<Request<L>>,
}

/// What is sent at once.
#[derive(Debug)]
pub(super) struct Batch<L: Loader> {
    pub(super) main: RequestsOf<L>,
    pub(super) companion: Option<RequestsOf<L>>,
}

#[derive(Debug)]
struct Queue<L: Loader> {
    sharing: Sharing,
    waiting: RequestsOf<L>,
    has_worker: bool,
}

/// The queues of all statements that were ever requested.
#[derive(Debug)]
pub(super) struct Queues<L: Loader>(Vec<Queue<L>>);

impl<L: Loader> Queues<L> {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a request. Whether its queue needs a worker: the caller then starts one.
    pub(super) fn push(&mut self, statement: L::Statement, sharing: Sharing, request: Request<L>) -> bool {
        let place = self.0.iter().position(|queue| queue.waiting.statement == statement);
        let place = place.unwrap_or_else(|| {
            let waiting = RequestsOf { statement, requests: Vec::new() };
            self.0.push(Queue { sharing, waiting, has_worker: false });
            self.0.len() - 1
        });
        let queue = &mut self.0[place];
        queue.waiting.requests.push(request);
        !std::mem::replace(&mut queue.has_worker, true)
    }

    /// The next batch for the worker of this statement; none if no request waits, and then the queue has no worker.
    pub(super) fn next_batch(&mut self, statement: L::Statement) -> Option<Batch<L>> {
        let queue = self.queue(statement)?;
        let own = queue.take();
        let sharing = queue.sharing;
        if own.requests.is_empty() {
            queue.has_worker = false;
            return None;
        }
        Some(match sharing {
            Sharing::Change => Batch { main: own, companion: None },
            Sharing::LookUp => Batch { main: own, companion: self.take_first(Sharing::Companion) },
            Sharing::Companion => match self.take_first(Sharing::LookUp) {
                Some(main) => Batch { main, companion: Some(own) },
                None => Batch { main: own, companion: None },
            },
        })
    }

    /// Drops all that waits in a queue: its worker has ended before its time.
    pub(super) fn abandon(&mut self, statement: L::Statement) {
        if let Some(queue) = self.queue(statement) {
            queue.has_worker = false;
            queue.waiting.requests.clear();
        }
    }

    fn queue(&mut self, statement: L::Statement) -> Option<&mut Queue<L>> {
        self.0.iter_mut().find(|queue| queue.waiting.statement == statement)
    }

    /// The waiting requests of the first queue of this kind that has any.
    fn take_first(&mut self, sharing: Sharing) -> Option<RequestsOf<L>> {
        let mut queues = self.0.iter_mut().filter(|queue| queue.sharing == sharing);
        queues.find_map(|queue| Some(queue.take()).filter(|taken| !taken.requests.is_empty()))
    }
}

impl<L: Loader> Queue<L> {
    /// The requests that have waited longest.
    fn take(&mut self) -> RequestsOf<L> {
        let waiting = &mut self.waiting.requests;
        // The caller may have given up.
        waiting.retain(|request| !request.reply.is_closed());
        let rest = waiting.split_off(waiting.len().min(MAX_REQUESTS));
        RequestsOf { statement: self.waiting.statement, requests: std::mem::replace(waiting, rest) }
    }
}
