//! The composition root: configuration, telemetry, and everything that asks the machine.

pub mod cli;
pub mod compose;
pub mod config;
pub mod encryption_key;
pub mod logout_delivery;
pub mod metrics;
pub mod password;
mod private_file;
pub mod serve;
pub mod system;
pub mod telemetry;
mod tls;
pub mod traces;
mod upkeep;
mod yielding_threads;
