//! The composition root: configuration, telemetry, and everything that depends on the machine.

mod atomic_file;
mod background_recording;
pub mod cli;
pub mod compose;
mod computations;
pub mod config;
pub mod encryption_key;
pub mod key_file;
pub mod logout_delivery;
mod low_priority_threads;
pub mod mail_delivery;
mod maintenance;
pub mod metrics;
pub mod password;
pub mod serve;
pub mod system;
pub mod telemetry;
mod tls;
pub mod traces;
