//! Threads with a low priority, for work that occupies a core for long. Requests run first.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// The niceness of the threads (nice(2)). On a busy core they get about a tenth of the time, and a thread of the runtime
/// that wakes up interrupts them.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

type Work = Box<dyn FnOnce() + Send>;

/// The threads end when this value is dropped and all work is done.
#[derive(Debug)]
pub(crate) struct LowPriorityThreads(Sender<Work>);

impl LowPriorityThreads {
    /// Starts `number` threads with this name.
    pub(crate) fn new(name: &str, number: NonZeroUsize) -> Self {
        let (sender, receiver) = channel();
        let receiver = Arc::new(Mutex::new(receiver));
        for _ in 0..number.get() {
            let receiver = Arc::clone(&receiver);
            let started = thread::Builder::new().name(name.to_owned()).spawn(move || work_off(&receiver));
            if let Err(error) = started {
                tracing::error!(%error, name, "cannot start a thread");
            }
        }
        Self(sender)
    }

    /// Gives the work to the first free thread. If no thread could be started, the work is dropped.
    pub(crate) fn run(&self, work: Work) {
        let _no_threads = self.0.send(work);
    }
}

fn work_off(receiver: &Mutex<Receiver<Work>>) {
    lower_priority();
    loop {
        // One thread waits for work, the others wait for the lock.
        let work = receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(work) = work else { return };
        // The caller notices a panic, because it gets no result. The thread stays usable.
        let _panicked = catch_unwind(AssertUnwindSafe(work));
    }
}

/// Linux has a priority per thread.
#[cfg(target_os = "linux")]
fn lower_priority() {
    if let Err(error) = rustix::process::setpriority_process(Some(rustix::thread::gettid()), NICENESS) {
        tracing::warn!(%error, "cannot lower the priority of password hashing; it competes with requests");
    }
}

#[cfg(not(target_os = "linux"))]
const fn lower_priority() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_ends_neither_the_thread_nor_the_work_after_it() {
        let threads = LowPriorityThreads::new("test", NonZeroUsize::MIN);
        let (done, result) = channel();
        threads.run(Box::new(|| panic!("on purpose")));
        threads.run(Box::new(move || done.send(thread::current().name().map(str::to_owned)).unwrap()));
        assert_eq!(result.recv().unwrap().as_deref(), Some("test"));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn only_these_threads_have_a_low_priority() {
        let niceness = || {
            let account = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
            let fields: Vec<_> = account.rsplit_once(')').unwrap().1.split_whitespace().collect();
            fields[16].parse::<i32>().unwrap()
        };
        let before = niceness();
        let (done, result) = channel();
        LowPriorityThreads::new("test", NonZeroUsize::MIN)
            .run(Box::new(move || done.send(niceness()).unwrap()));
        assert!(result.recv().unwrap() >= NICENESS);
        assert_eq!(niceness(), before);
    }
}
