//! Operations over HTTP that only administrators may use.
//!
//! See docs/decisions/administration.md.

pub mod access;
