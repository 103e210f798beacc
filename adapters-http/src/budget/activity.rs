//! What a connection is doing.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use tokio::sync::Notify;

/// What the server does for a connection. If it does nothing, the connection waits for its peer.
#[derive(Debug)]
pub(super) struct Activity {
    /// Requests that the server is working on. One whose body is on its way is not among them.
    pub(super) working: AtomicUsize,
    pub(super) waiting_since: AtomicU64,
    pub(super) closed: Notify,
    pub(super) shed: Notify,
    pub(super) is_shed: AtomicBool,
    is_closed: AtomicBool,
}

impl Activity {
    pub(super) fn new(now: u64) -> Self {
        Self {
            working: AtomicUsize::new(0),
            waiting_since: AtomicU64::new(now),
            closed: Notify::new(),
            shed: Notify::new(),
            is_shed: AtomicBool::new(false),
            is_closed: AtomicBool::new(false),
        }
    }

    /// In milliseconds since the budget's start; none while the server works for the connection.
    pub(super) fn waits_since(&self) -> Option<u64> {
        (self.working.load(Ordering::Relaxed) == 0).then(|| self.waiting_since.load(Ordering::Relaxed))
    }

    /// Tells the connection to end, unless a request begins in this moment.
    pub(super) fn close(&self) -> bool {
        self.is_closed.store(true, Ordering::SeqCst);
        if self.working.load(Ordering::SeqCst) > 0 {
            self.is_closed.store(false, Ordering::SeqCst);
            return false;
        }
        self.closed.notify_one();
        true
    }

    pub(super) fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::SeqCst)
    }
}
