//! The composition root: configuration, telemetry, and everything that asks the machine.

pub mod password;
pub mod system;
pub mod telemetry;
