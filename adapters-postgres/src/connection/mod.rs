//! Connections: opening them, lending them, and whether the database behind them can be used.
//!
//! On PostgreSQL there is a pool of our own before the one of `sqlx`. That one asks every connection that comes back whether
//! it is healthy, and waits for the answer before it lends the connection again: a second round trip for every statement. A
//! connection whose statement ended in order is healthy, so [`Pool`] keeps it and lends it at once. Every other goes back to
//! the pool of `sqlx`, which tests it.

mod checked;
mod connect;
mod database;
mod hosts;
mod idle;
mod measure;
mod pool;
mod reach;
mod readiness;
mod reserve;
mod room;
mod shrink;

pub use database::Database;
pub use hosts::each_host;
pub(crate) use pool::Pool;
