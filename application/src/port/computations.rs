//! Computations that occupy a core for long, off the async threads.

use async_trait::async_trait;

/// Runs computations beside the requests. It is not a store, so the contract suite has no clauses for it.
#[async_trait]
pub trait Computations: Send + Sync {
    /// Waits until it is this computation's turn, and runs it with a low priority, so that requests run first. Returns when it has
    /// run. A computation whose caller goes away while it waits does not run.
    async fn run(&self, computation: Box<dyn FnOnce() + Send>);
}
