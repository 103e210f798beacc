//! Every adapter × every clause of the store ports.

mod listing;
mod memory;
mod restart;
mod sqlite;
