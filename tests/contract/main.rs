//! Every adapter × every clause of the store ports.
#![allow(clippy::unwrap_used, reason = "a factory that fails fails its test")]

mod listing;
mod memory;
mod postgres;
mod redis;
mod restart;
mod sqlite;
