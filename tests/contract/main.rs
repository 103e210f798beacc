//! The contract suite: every adapter × every clause of the store ports.
#![allow(clippy::unwrap_used, reason = "a factory that fails fails its test")]

mod export;
mod listing;
mod memory;
mod postgres;
mod postgres_batch;
mod postgres_connections;
mod postgres_only;
mod redis;
mod released;
mod restart;
mod rows;
mod sqlite;
mod stored_values;
