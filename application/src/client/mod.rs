//! Clients: how they are registered and changed, by an operator or by themselves (RFC 7591, RFC 7592).
//!
//! [`domain::client`] has the rules. This module has the parts that need a port: storing, hashing, fetching,
//! counting.
//!
//! See docs/decisions/clients.md.

pub mod administration;
mod changes;
mod chosen_secret;
pub mod document;
pub mod initial_access_tokens;
pub mod logos;
mod policy;
mod problems;
pub mod registration;
mod warnings;
