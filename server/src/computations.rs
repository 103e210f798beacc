//! Runs long computations one after another on a thread with a low priority.

use std::num::NonZeroUsize;
use std::sync::{Arc, OnceLock};

use application::port::Computations;
use async_trait::async_trait;
use tokio::sync::{Semaphore, oneshot};

use crate::low_priority_threads::LowPriorityThreads;

/// One computation at a time. The thread starts with the first one.
#[derive(Debug)]
pub(crate) struct OneAtATime {
    turn: Arc<Semaphore>,
    thread: OnceLock<LowPriorityThreads>,
}

impl Default for OneAtATime {
    fn default() -> Self {
        Self { turn: Arc::new(Semaphore::new(1)), thread: OnceLock::new() }
    }
}

#[async_trait]
impl Computations for OneAtATime {
    async fn run(&self, computation: Box<dyn FnOnce() + Send>) {
        let Ok(turn) = Arc::clone(&self.turn).acquire_owned().await else {
            return;
        };
        let (sender, receiver) = oneshot::channel();
        let thread = self.thread.get_or_init(|| LowPriorityThreads::new("computation", NonZeroUsize::MIN));
        thread.run(Box::new(move || {
            // Until it ends, also if its caller is cancelled: it still occupies the thread.
            let _turn = turn;
            computation();
            let _cancelled = sender.send(());
        }));
        // A computation that panics sends nothing.
        let _panicked = receiver.await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn computations_run_one_after_another_and_not_on_the_thread_of_the_caller() {
        let computations = Arc::new(OneAtATime::default());
        let running = Arc::new(AtomicU32::new(0));
        let caller = thread::current().id();
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (computations, running) = (Arc::clone(&computations), Arc::clone(&running));
            calls.spawn(async move {
                let work = move || {
                    assert_ne!(thread::current().id(), caller);
                    assert_eq!(running.fetch_add(1, Ordering::SeqCst), 0, "two at once");
                    thread::yield_now();
                    running.fetch_sub(1, Ordering::SeqCst);
                };
                computations.run(Box::new(work)).await;
            });
        }
        calls.join_all().await;
        assert_eq!(running.load(Ordering::SeqCst), 0);
    }

    #[tokio::test]
    async fn one_whose_caller_goes_away_while_it_waits_does_not_run_and_a_panic_stops_nothing() {
        let computations = Arc::new(OneAtATime::default());
        let (release, held) = mpsc::channel::<()>();
        let first = tokio::spawn({
            let computations = Arc::clone(&computations);
            async move {
                let hold = move || {
                    let _released = held.recv();
                };
                computations.run(Box::new(hold)).await;
            }
        });
        tokio::task::yield_now().await;
        let ran = Arc::new(AtomicU32::new(0));
        let adding = |number: u32| {
            let ran = Arc::clone(&ran);
            Box::new(move || {
                ran.fetch_add(number, Ordering::SeqCst);
            })
        };
        let waiting = computations.run(adding(1));
        assert!(tokio::time::timeout(Duration::from_millis(50), waiting).await.is_err());
        drop(release);
        first.await.unwrap();
        computations.run(Box::new(|| panic!("a bad computation"))).await;
        computations.run(adding(10)).await;
        assert_eq!(ran.load(Ordering::SeqCst), 10);
    }
}
