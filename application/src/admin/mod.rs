//! What only administrators may do over HTTP.
//!
//! See docs/decisions/administration.md.

pub mod access;
