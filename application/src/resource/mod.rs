//! Resource servers: their registration, the requests that name them, and their metadata (RFC 8707, RFC 9728).
//!
//! See docs/decisions/resources.md.

pub mod indicators;
pub mod metadata;
pub mod servers;
pub mod target;
