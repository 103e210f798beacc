//! What only administrators may do over HTTP.

pub mod access;
