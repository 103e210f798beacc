//! Tests that need more than one crate, and what they stand on.

pub mod contract;
pub mod released;
pub mod support;
