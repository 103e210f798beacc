//! Batching: requests that arrive while a statement runs are collected and sent as one statement.
//!
//! This is a data-loader. It is given a [`Loader`], which turns many keys into many replies with one round trip, and it
//! knows nothing else: no port, no table, no SQL. Each statement has a queue, and a worker empties it:
//!
//! - Every reply is from a batch that began after its request. Nothing is cached.
//! - Equal look-ups in a batch share one key and one reply. Changes never do ([`Sharing`]).
//! - A batch has at most [`MAX_REQUESTS`] requests of a statement. The next batch waits a little for the one before it,
//!   so that more requests share it, but a slow batch does not hold up the others ([`PREVIOUS_BATCH_TIMEOUT`]).
//! - A companion's requests are added to the batches of other look-ups, so that they need no batch of their own.

mod batches;
mod loader;
mod queue;
#[cfg(test)]
mod tests;
mod worker;

pub(crate) use batches::{Batches, Failure};
pub(crate) use loader::{Loader, Part, Sharing};
