//! Resource servers: which there are, who may name them, and what they publish (RFC 8707, RFC 9728).
//!
//! See docs/decisions/resources.md.

pub mod indicators;
pub mod metadata;
pub mod servers;
