//! Every adapter × every clause of the store ports.

mod listing;
mod memory;
