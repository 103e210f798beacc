//! Every adapter × every clause of the store ports.
#![allow(clippy::unwrap_used, reason = "a factory that fails fails its test")]

mod listing;
mod memory;
mod moving;
mod postgres;
mod postgres_connections;
mod postgres_only;
mod postgres_together;
mod redis;
mod released;
mod restart;
mod sqlite;
