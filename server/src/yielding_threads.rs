//! Threads for work that takes a core for long: whatever else wants the core comes first.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// How far the threads step back (nice(2)): of a core that somebody else wants too they get about a tenth, and whoever
/// wakes up need not wait for their turn to end.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

type Work = Box<dyn FnOnce() + Send>;

/// A number of such threads. They end when this is dropped and no work is left.
#[derive(Debug)]
pub(crate) struct YieldingThreads(Sender<Work>);

impl YieldingThreads {
    /// So many threads, all of this name.
    pub(crate) fn new(name: &str, number: NonZeroUsize) -> Self {
        let (sender, receiver) = channel();
        let receiver = Arc::new(Mutex::new(receiver));
        for _ in 0..number.get() {
            let receiver = Arc::clone(&receiver);
            let started = thread::Builder::new().name(name.to_owned()).spawn(move || go_on(&receiver));
            if let Err(error) = started {
                tracing::error!(%error, name, "a thread did not start");
            }
        }
        Self(sender)
    }

    /// Has the work done by whichever thread is free first. Without threads it is dropped.
    pub(crate) fn work(&self, work: Work) {
        let _without_threads = self.0.send(work);
    }
}

fn go_on(receiver: &Mutex<Receiver<Work>>) {
    step_back();
    loop {
        // One thread waits for work, the others for their turn to wait.
        let work = receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(work) = work else { return };
        // What panicked says so by its silence; the thread is still good.
        let _silence = catch_unwind(AssertUnwindSafe(work));
    }
}

/// On Linux a priority belongs to a thread.
#[cfg(target_os = "linux")]
fn step_back() {
    if let Err(error) = rustix::process::setpriority_process(Some(rustix::thread::gettid()), NICENESS) {
        tracing::warn!(%error, "password hashing has the priority of everything else");
    }
}

#[cfg(not(target_os = "linux"))]
const fn step_back() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_ends_neither_the_thread_nor_the_work_after_it() {
        let threads = YieldingThreads::new("test", NonZeroUsize::MIN);
        let (done, told) = channel();
        threads.work(Box::new(|| panic!("on purpose")));
        threads.work(Box::new(move || done.send(thread::current().name().map(str::to_owned)).unwrap()));
        assert_eq!(told.recv().unwrap().as_deref(), Some("test"));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_threads_step_back_and_nobody_else_does() {
        let niceness = || {
            let account = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
            let fields: Vec<_> = account.rsplit_once(')').unwrap().1.split_whitespace().collect();
            fields[16].parse::<i32>().unwrap()
        };
        let before = niceness();
        let (done, told) = channel();
        YieldingThreads::new("test", NonZeroUsize::MIN)
            .work(Box::new(move || done.send(niceness()).unwrap()));
        assert!(told.recv().unwrap() >= NICENESS);
        assert_eq!(niceness(), before);
    }
}
