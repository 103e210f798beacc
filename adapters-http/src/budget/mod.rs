//! The memory that connections and requests under way may hold, in total and per address.
//!
//! Every connection has a place, which pays for itself and for one small request at a time: a client that keeps its connection
//! and sends ordinary requests pays nothing more. Everything else (a long head, a body, a second request at a time) is
//! judged before it is kept. An address may hold half of what the others leave, so however many addresses hold as much as they
//! may, something is left for the next one. When room is needed, connections for which this server is doing no work are closed,
//! those that have waited longest first. See docs/decisions/limits.md.

mod activity;
mod books;
mod place;

pub use books::Budget;
pub(crate) use books::network;
pub(crate) use place::{Full, Place, UnderWay};

#[cfg(test)]
mod tests;
